-- The newest rows of embeddings in one cell.
select candidate_id[:12] as candidate, encoder, len(vector) as dimensions
from embeddings
where exercise = $exercise and language = $language
order by made_at desc, candidate_id
limit $rows
