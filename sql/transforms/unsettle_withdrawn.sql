-- Forgets what is settled of the rounds of the candidates that an order takes out, and of the duplicates of those, of which
-- another one may be kept.
delete from settled_rounds
where (exercise, language, round) in (
    with gone as (
        select candidate_id
        from withdrawals
        where order_id = $order_id
    )
    select (c.exercise, c.language, c.round)
    from candidates as c
    semi join (
        from gone
        union all
        select d.candidate_id
        from duplicates as d
        semi join gone as k on k.candidate_id = d.keeper_id
    ) as a using (candidate_id)
)
