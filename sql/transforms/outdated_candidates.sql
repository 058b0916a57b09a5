-- Accepted candidates of these exercises' and languages' cells whose exercise has a newer version, or whose section has
-- another text now.
-- `source_now` is the text of the same place in the current revision; null when the place is gone or withdrawn.
with versions as (
    select unnest($exercises) as exercise, unnest($versions) as version
),
current_places as (
    select a.collection, a.language, a.url, s.heading_path, s.position, s.content_hash, s.section_id
    from sections as s
    join seed_corpus as a using (seed_id)
    anti join withdrawn_sections as w on w.section_id = s.section_id
    where a.is_current and s.refused_reason is null
),
places as (
    select s.section_id, a.collection, a.language, a.url, s.heading_path, s.position
    from sections as s
    join seed_corpus as a using (seed_id)
)
select
    c.exercise,
    c.language,
    c.candidate_id,
    c.pass,
    c.section_id,
    coalesce(now_.content_hash, c.source) as source_now,
    coalesce(now_.section_id, c.section_id) as section_id_now
from candidate_states as c
join versions as v using (exercise)
left join places as old on old.section_id = c.section_id
left join current_places as now_
    on now_.collection = old.collection
    and now_.language = old.language
    and now_.url = old.url
    and now_.heading_path = old.heading_path
    and now_.position = old.position
where
    c.language in (select unnest($languages))
    and c.state = 'accepted'
    and (c.exercise_version < v.version or (now_.content_hash is not null and now_.content_hash <> c.source))
order by c.exercise, c.language, c.candidate_id
