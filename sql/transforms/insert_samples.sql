-- New rows of samples; rows that are there already stay as they are.
insert into samples by name
select * from incoming anti join samples using (candidate_id)
