-- What the filters of one search let through, each by its name; gone with the connection.
create or replace temp table found (kind varchar not null, candidate_id varchar not null)
