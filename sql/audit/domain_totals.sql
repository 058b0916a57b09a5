-- Sections of current articles by domain of one tree, the largest first; null are those that are near none.
select d.domain, count(*) as sections, avg(d.similarity) as similarity
from section_domains as d
join sections as s using (section_id)
join seed_corpus as a using (seed_id)
where d.tree = $fingerprint and a.is_current
group by d.domain
order by sections desc, d.domain
