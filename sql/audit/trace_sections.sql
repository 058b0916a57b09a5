-- Sections by their ids, and one in 2**64 of the others. Their rows are read by their places, because to join them would
-- read every text.
select section_id, heading_path, url, text, words, content_hash, seed_id
from sections
where rowid in (
    select rowid
    from sections
    where section_key in (select md5_number_lower(id) // 2 from (select unnest($section_ids) as id))
)
