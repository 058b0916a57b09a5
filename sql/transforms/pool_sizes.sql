-- How many sections of each collection stand in the pools of these languages, as transforms/pool gives them.
with distinct_texts as (
    select s.seed_language as language, arg_min(s.collection, s.section_id) as collection
    from sections as s
    join seed_corpus as a using (seed_id)
    anti join withdrawn_sections as w on w.section_id = s.section_id
    where
        a.is_current
        and s.refused_reason is null
        and s.seed_language in (select unnest($languages))
        and s.collection in (select unnest($collections))
    group by s.seed_language, s.content_hash
)
select language, collection, least(count(*), $size) as sections
from distinct_texts
group by language, collection
