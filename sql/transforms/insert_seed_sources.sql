-- New rows of seed_sources; rows that are there already stay as they are.
insert into seed_sources by name
select * from incoming anti join seed_sources using (collection, language, name, fingerprint)
