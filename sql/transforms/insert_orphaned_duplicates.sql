-- New rows of orphaned_duplicates; rows that are there already stay as they are.
insert into orphaned_duplicates by name
select * from incoming anti join orphaned_duplicates using (candidate_id, keeper_id)
