-- New rows of reasoning_drafts; rows that are there already stay as they are.
insert into reasoning_drafts by name
select * from incoming anti join reasoning_drafts using (candidate_id)
