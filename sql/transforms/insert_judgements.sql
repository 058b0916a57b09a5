-- New rows of judgements; rows that are there already stay as they are.
insert into judgements by name
select * from incoming anti join judgements using (candidate_id)
