-- Forgets what is settled of the rounds whose refusals this run has just taken back.
delete from settled_rounds
where (exercise, language, round) in (
    select (c.exercise, c.language, c.round)
    from candidates as c
    semi join (from reopened where run_id = $run_id and reopened_at = cast($reopened_at as timestamptz)) as r
        using (candidate_id)
)
