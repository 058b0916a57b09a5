-- The embeddings of one candidate, without their numbers.
select candidate_id, encoder, key_hash, len(vector) as dimensions, run_id, made_at
from embeddings
where candidate_id = $candidate_id
