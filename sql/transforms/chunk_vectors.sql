-- The vectors of the stretches of these candidates' texts by one encoder, in the order of each text.
select candidate_id, vector
from chunk_embeddings
where encoder = $encoder and candidate_id in (select unnest($candidate_ids))
order by candidate_id, chunk
