-- These sections, as exercises see them.
select section_id, seed_id, url, title, heading_path, seed_language, text, license
from sections
where section_id in (select unnest($section_ids))
