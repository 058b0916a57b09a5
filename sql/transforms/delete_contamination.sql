-- Earlier verdicts on these candidates, which are judged anew.
delete from contamination
where candidate_id in (select unnest($candidate_ids))
