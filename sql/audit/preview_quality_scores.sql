-- The newest rows of quality_scores in one cell.
select candidate_id[:12] as candidate, round(composite, 3) as composite, passed, reason
from quality_scores
where exercise = $exercise and language = $language
order by made_at desc, candidate_id
limit $rows
