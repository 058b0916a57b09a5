-- New rows of seed_corpus; rows that are there already stay as they are.
insert into seed_corpus by name
select * from incoming anti join seed_corpus using (seed_id)
