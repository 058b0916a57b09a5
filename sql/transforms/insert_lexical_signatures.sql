-- New rows of lexical_signatures; rows that are there already stay as they are.
insert into lexical_signatures by name
select * from incoming anti join lexical_signatures using (candidate_id)
