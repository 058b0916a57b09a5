-- Sections for a look at the corpus: one of each current article, in the order of a hash, the same on every machine.
select s.title, left(s.text, 400) as text
from sections as s
join seed_corpus as a using (seed_id)
where a.is_current and s.refused_reason is null
qualify row_number() over (partition by s.seed_id order by s.position) = 1
order by md5(cast($seed as varchar) || s.section_id)
limit $most
