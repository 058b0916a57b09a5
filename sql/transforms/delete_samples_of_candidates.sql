-- The samples of these candidates, which are accepted no longer.
delete from samples
where candidate_id in (select unnest($candidate_ids))
