-- The newest rows of section_embeddings; the table has no cells.
select content_hash[:12] as content, encoder, len(vector) as dimensions
from section_embeddings
where $exercise is null and $language is null
order by made_at desc, content_hash
limit $rows
