-- The section texts that this encoder has read.
select content_hash
from section_embeddings
where encoder = $encoder
