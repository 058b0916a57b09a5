-- Verdicts of a family that stand no longer, to be decided anew: of duplicates whose keeper is accepted no longer; of rows
-- that were refused since; and, in the cell, of rows that come back because the row that had replaced them was refused,
-- for others may have been kept in their place.
delete from duplicates
where
    family = $family
    and language = $language
    and candidate_id in (
        select d.candidate_id
        from duplicates as d
        join candidate_states as k on k.candidate_id = d.keeper_id
        where d.verdict = 'duplicate' and k.state <> 'accepted'
        union all
        select candidate_id
        from candidate_states
        where language = $language and state = 'refused'
        union all
        select c.candidate_id
        from candidate_states as c
        join candidate_states as r on r.replaces = c.candidate_id and r.refused_reason is not null
        join quality_scores as s on s.candidate_id = r.candidate_id
        join duplicates as d on d.candidate_id = c.candidate_id
        where c.exercise = $exercise and c.language = $language and c.state = 'accepted' and d.decided_at < s.made_at
    )
