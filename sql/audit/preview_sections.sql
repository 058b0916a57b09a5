-- The newest rows of sections; the table has no cells.
select title, heading_path, seed_language, words, refused_reason, text
from sections
where $exercise is null and $language is null
order by made_at desc, section_id
limit $rows
