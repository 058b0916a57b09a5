-- The vectors of these candidates by one encoder.
select candidate_id, vector
from embeddings
where encoder = $encoder and candidate_id in (select unnest($candidate_ids))
