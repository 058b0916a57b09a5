-- The verdicts on these candidates, which are decided anew.
delete from duplicates
where candidate_id in (select unnest($candidate_ids))
