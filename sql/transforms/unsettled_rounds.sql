-- The rounds of a cell that are not settled, with how many candidates each planned.
select r.round, r.planned
from rounds as r
anti join settled_rounds as s on s.exercise = r.exercise and s.language = r.language and s.round = r.round
where r.exercise = $exercise and r.language = $language
order by r.round
