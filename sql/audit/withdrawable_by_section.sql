-- The sections at an address, and the addresses of their articles.
select s.section_id, a.url
from sections as s
join seed_corpus as a using (seed_id)
where s.url = $value
order by a.is_current desc, s.section_id
limit 1
