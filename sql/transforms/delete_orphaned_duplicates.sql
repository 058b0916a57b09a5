-- Verdicts of duplicates in a family whose keeper is withdrawn or superseded; they are decided anew.
delete from duplicates
where
    family = $family
    and language = $language
    and verdict = 'duplicate'
    and keeper_id in (select candidate_id from candidate_states where state in ('withdrawn', 'superseded'))
