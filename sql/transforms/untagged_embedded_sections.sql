-- The same page as in untagged_sections, of those sections alone that this encoder has read.
select s.section_id, e.vector, null as text, count(*) over () as found
from sections as s
join seed_corpus as a using (seed_id)
join section_embeddings as e on e.content_hash = s.content_hash and e.encoder = $encoder
anti join section_domains as d on d.section_id = s.section_id and d.tree = $fingerprint
where a.is_current and s.refused_reason is null
order by s.section_id
limit $most
