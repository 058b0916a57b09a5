-- New rows of seed_places; rows that are there already stay as they are.
insert into seed_places by name
select * from incoming anti join seed_places using (collection, language, name, fingerprint, seed_id)
