-- How many candidates of the cell wait in the work list of queries, by shard: the first two hex digits of their ids.
-- The conditions are those of open_queries.sql.
-- What is settled has nothing open (see stages/settling.py), so only what was planned since `open_since` is looked at.
select left(c.candidate_id, 2) as shard, count(*) as open
from candidates as c
anti join (from queries where made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)) as t using (candidate_id)
anti join withdrawals as w using (candidate_id)
where c.exercise = $exercise and c.language = $language
    and c.planned_at >= coalesce(getvariable('open_since'), '-infinity'::timestamptz)
group by shard
order by shard
