-- New rows of duplicates; rows that are there already stay as they are.
insert into duplicates by name
select * from incoming anti join duplicates using (candidate_id)
