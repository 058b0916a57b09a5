-- New rows of answers; rows that are there already stay as they are.
insert into answers by name
select * from incoming anti join answers using (candidate_id)
