-- Sections by their ids, and all sections of some article revisions, without their texts, in the order of the article.
select section_id, seed_id, title, heading_path, url, license, position, words, refused_reason, copy_of, run_id, made_at
from sections
where seed_id in (select unnest($seed_ids)) or section_id in (select unnest($section_ids))
order by made_at, seed_id, position, section_id
