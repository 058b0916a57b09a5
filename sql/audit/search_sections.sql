-- The sections of an article revision in their order, each with the number of candidates that draw on it.
with drawn as (
    select section_id, count(*) as candidates
    from candidates
    where section_id in (select section_id from sections where seed_id = $seed_id)
    group by section_id
)
select s.section_id, s.heading_path, s.url, s.words, s.refused_reason, s.text, coalesce(d.candidates, 0) as candidates
from sections as s
left join drawn as d using (section_id)
where s.seed_id = $seed_id
order by s.position, s.section_id
