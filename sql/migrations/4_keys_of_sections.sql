-- Layout 4: a candidate has its section's number, by which the candidates of a section are found.
alter table candidates add column if not exists section_key bigint
