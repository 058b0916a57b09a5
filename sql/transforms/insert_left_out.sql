-- New rows of left_out; rows that are there already stay as they are.
insert into left_out by name
select * from incoming anti join left_out using (candidate_id)
