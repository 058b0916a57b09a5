-- New rows of candidates; rows that are there already stay as they are.
insert into candidates by name
select * from incoming anti join candidates using (candidate_id)
