-- The sections at these places.
select section_id, heading_path, url, text, words, content_hash, seed_id
from sections
where rowid in (select unnest($places::bigint[]))
