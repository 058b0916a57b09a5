-- One row per article revision and file that holds it, in the content that the file was read with.
create table if not exists seed_places (
    collection varchar not null,          -- collection the file belongs to
    language varchar not null,            -- language of its articles
    name varchar not null,                -- file, as its reader names it
    fingerprint varchar not null,         -- what it was read with; counts only while it is the file's last
    seed_id varchar not null              -- article revision it holds
);
