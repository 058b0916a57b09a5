-- The sections of an article revision in their order.
select section_id, position, heading_path, url, words, refused_reason, copy_of, text
from sections
where seed_id = $seed_id
order by position
