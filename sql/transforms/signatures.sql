-- The signatures of the kept sections of current articles.
select s.section_id, s.seed_language, s.signature
from sections as s
join seed_corpus as a using (seed_id)
where a.is_current and s.signature is not null
order by s.section_id
