-- Sections of current articles, by language and reason (null is kept), and a sum of all ids in whatever order.
select
    s.seed_language,
    s.refused_reason,
    count(*) as sections,
    cast(bit_xor(md5_number_lower(s.section_id)) as varchar) as state
from sections as s
join seed_corpus as a using (seed_id)
where a.is_current
group by s.seed_language, s.refused_reason
order by s.seed_language, s.refused_reason
