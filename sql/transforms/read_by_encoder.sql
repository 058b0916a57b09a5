-- Those of these candidates that an encoder has read.
select candidate_id
from embeddings
where encoder = $encoder and candidate_id in (select unnest($candidate_ids))
