-- The rounds of these exercises' and languages' cells that are not settled, the oldest first, with how many candidates
-- each planned.
select r.exercise, r.language, r.round, r.planned
from rounds as r
anti join settled_rounds as s on s.exercise = r.exercise and s.language = r.language and s.round = r.round
where r.exercise in (select unnest($exercises)) and r.language in (select unnest($languages))
order by r.claimed_at, r.exercise, r.language, r.round
