-- The work list of duplicates: candidates of the cell that passed quality and have no verdict yet.
select s.candidate_id, s.composite
from quality_scores as s
anti join duplicates as t using (candidate_id)
anti join withdrawals as w using (candidate_id)
where s.exercise = $exercise and s.language = $language and s.passed
order by s.candidate_id
