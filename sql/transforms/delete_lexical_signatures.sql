-- The signatures of these candidates, which are made anew.
delete from lexical_signatures
where candidate_id in (select unnest($candidate_ids))
