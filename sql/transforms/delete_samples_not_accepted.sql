-- Samples of the cell whose candidate is accepted no longer (superseded or withdrawn).
delete from samples
where
    cell = $exercise
    and language = $language
    and candidate_id in (
        select candidate_id
        from candidate_states
        where exercise = $exercise and language = $language and state <> 'accepted'
    )
