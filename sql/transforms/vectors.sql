-- The vectors of these section texts by one encoder.
select content_hash, vector
from section_embeddings
where encoder = $encoder and content_hash in (select unnest($content_hashes))
