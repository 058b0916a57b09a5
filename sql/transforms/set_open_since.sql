-- Notes in the variable `open_since` since when what is not settled was planned. What was planned since then has no row in
-- any table that is older by more than a day (`rows_since`): clocks of machines do not differ by as much.
set variable open_since = (
    select
        case
            when count(*) = 0 then '-infinity'::timestamptz
            else coalesce(min(r.claimed_at) filter (s.round is null), now()) - interval 1 hour
        end
    from rounds as r
    left join (select distinct exercise, language, round from settled_rounds) as s
        on s.exercise = r.exercise and s.language = r.language and s.round = r.round
)
