-- The newest rows of candidates in one cell.
select candidate_id[:12] as candidate, round, pass, source[:16] as source, constraints
from candidates
where exercise = $exercise and language = $language
order by planned_at desc, candidate_id
limit $rows
