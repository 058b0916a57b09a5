-- The scores of these candidates, which are judged anew.
delete from quality_scores
where candidate_id in (select unnest($candidate_ids))
