-- A page of the work list of queries: candidates of the cell that have not come this far yet.
-- $shards: first two hex digits of the ids that this run has claimed; ($round, $pass, $candidate_id): where the page
-- before ended; $most: rows of a page, of `found` in all from here.
-- What is settled has nothing open (see stages/settling.py), so only what was planned since `open_since` is looked at.
select c.candidate_id, c.round, c.pass, count(*) over () as found
from candidates as c
anti join (from queries where made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)) as t using (candidate_id)
anti join withdrawals as w using (candidate_id)
where c.exercise = $exercise and c.language = $language
    and c.planned_at >= coalesce(getvariable('open_since'), '-infinity'::timestamptz)
    and left(c.candidate_id, 2) in (select unnest($shards))
    and (c.round, c.pass, c.candidate_id) > ($round, $pass, $candidate_id)
order by c.round, c.pass, c.candidate_id
limit $most
