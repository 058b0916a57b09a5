-- New rows of withdrawals; rows that are there already stay as they are.
insert into withdrawals by name
select * from incoming anti join withdrawals using (candidate_id)
