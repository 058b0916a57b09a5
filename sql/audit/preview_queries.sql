-- The newest rows of queries in one cell.
select candidate_id[:12] as candidate, query, refused_reason, model, attempts
from queries
where exercise = $exercise and language = $language
order by made_at desc, candidate_id
limit $rows
