-- New rows of queries; rows that are there already stay as they are.
insert into queries by name
select * from incoming anti join queries using (candidate_id)
