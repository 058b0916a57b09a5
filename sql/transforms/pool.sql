-- The pool of a language: kept sections of current articles in the order of a hash, of each collection as many as the
-- recipe says, so that a small collection is not lost in a large one.
-- One section stands for each distinct text, so that a text that two articles share is drawn once.
with distinct_texts as (
    select
        s.section_id,
        s.content_hash,
        s.seed_id,
        s.seed_language,
        s.collection,
        s.title,
        s.heading_path,
        s.url,
        s.text,
        md5($seed || s.content_hash) as place
    from sections as s
    join seed_corpus as a using (seed_id)
    anti join withdrawn_sections as w on w.section_id = s.section_id
    where
        a.is_current
        and s.refused_reason is null
        and s.seed_language = $language
        and s.collection in (select unnest($collections))
    qualify row_number() over (partition by s.content_hash order by s.section_id) = 1
)

select * exclude (place)
from distinct_texts
qualify row_number() over (partition by collection order by place) <= $size
order by place
