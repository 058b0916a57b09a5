-- The newest rows of judgements in one cell.
select candidate_id[:12] as candidate, points, total, refused_reason, model, attempts
from judgements
where exercise = $exercise and language = $language
order by made_at desc, candidate_id
limit $rows
