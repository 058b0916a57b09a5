-- How many candidates of the cell wait in the work list of answers, by shard: the first two hex digits of their ids.
-- The conditions are those of open_answers.sql.
-- What is settled has nothing open (see stages/settling.py), so only what was planned since `open_since` is looked at.
select left(c.candidate_id, 2) as shard, count(*) as open
from candidates as c
join (from reasoning_drafts where made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)) as p using (candidate_id)
anti join (from answers where made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)) as t using (candidate_id)
anti join withdrawals as w using (candidate_id)
where c.exercise = $exercise and c.language = $language
    and c.planned_at >= coalesce(getvariable('open_since'), '-infinity'::timestamptz) and p.refused_reason is null
group by shard
order by shard
