-- Layout 5: a section has a number by which it is found, as its candidates have.
alter table sections add column if not exists section_key bigint
