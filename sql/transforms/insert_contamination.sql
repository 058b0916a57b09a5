-- New rows of contamination; rows that are there already stay as they are.
insert into contamination by name
select * from incoming anti join contamination using (candidate_id)
