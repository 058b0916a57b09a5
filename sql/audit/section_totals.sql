-- Sections of current articles, by language and reason (null is kept), and the hash of all of them.
select s.seed_language, s.refused_reason, count(*) as sections, md5(string_agg(s.section_id, '' order by s.section_id)) as state
from sections as s
join seed_corpus as a using (seed_id)
where a.is_current
group by s.seed_language, s.refused_reason
order by s.seed_language, s.refused_reason
