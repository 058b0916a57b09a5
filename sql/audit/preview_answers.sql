-- The newest rows of answers in one cell.
select candidate_id[:12] as candidate, answer, refused_reason, model, attempts
from answers
where exercise = $exercise and language = $language
order by made_at desc, candidate_id
limit $rows
