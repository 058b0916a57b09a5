-- Forgets what is settled of the rounds of these candidates, before rows of theirs are written anew or taken away.
delete from settled_rounds
where (exercise, language, round) in (
    select (exercise, language, round)
    from candidates
    where candidate_id in (select unnest($candidate_ids))
)
