-- A page of the work list of section_domains: kept sections of current articles without a tag of this tree, with their
-- vector where this encoder has read them, and their text where it has not.
select
    s.section_id,
    e.vector,
    case when e.vector is null then s.text end as text,
    count(*) over () as found
from sections as s
join seed_corpus as a using (seed_id)
left join section_embeddings as e on e.content_hash = s.content_hash and e.encoder = $encoder
anti join section_domains as d on d.section_id = s.section_id and d.tree = $fingerprint
where a.is_current and s.refused_reason is null
order by s.section_id
limit $most
