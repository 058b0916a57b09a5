-- How many different sections each collection and language has to draw from.
select s.collection, s.seed_language as language, count(distinct s.content_hash) as sections
from sections as s
join seed_corpus as a using (seed_id)
anti join withdrawn_sections as w on w.section_id = s.section_id
where a.is_current and s.refused_reason is null
group by s.collection, s.seed_language
order by s.collection, s.seed_language
