-- New rows of quality_scores; rows that are there already stay as they are.
insert into quality_scores by name
select * from incoming anti join quality_scores using (candidate_id)
