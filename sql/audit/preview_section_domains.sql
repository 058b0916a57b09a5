-- The newest rows of section_domains, with the titles of their sections; the table has no cells.
select s.title, s.heading_path, d.domain, round(d.similarity, 3) as similarity, d.runner_up, d.tree
from section_domains as d
join sections as s using (section_id)
where $exercise is null and $language is null
order by d.made_at desc, d.section_id
limit $rows
