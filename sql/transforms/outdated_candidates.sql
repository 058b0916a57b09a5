-- Accepted candidates of a cell whose exercise has a newer version, or whose section has another text now.
-- `source_now` is the text of the same place in the current revision; null when the place is gone.
with current_places as (
    select a.collection, a.language, a.url, s.heading_path, s.position, s.content_hash, s.section_id
    from sections as s
    join seed_corpus as a using (seed_id)
    where a.is_current and s.refused_reason is null
),
places as (
    select s.section_id, a.collection, a.language, a.url, s.heading_path, s.position
    from sections as s
    join seed_corpus as a using (seed_id)
)
select
    c.candidate_id,
    c.pass,
    c.section_id,
    coalesce(now_.content_hash, c.source) as source_now,
    coalesce(now_.section_id, c.section_id) as section_id_now
from candidate_states as c
left join places as old on old.section_id = c.section_id
left join current_places as now_
    on now_.collection = old.collection
    and now_.language = old.language
    and now_.url = old.url
    and now_.heading_path = old.heading_path
    and now_.position = old.position
where
    c.exercise = $exercise
    and c.language = $language
    and c.state = 'accepted'
    and (c.exercise_version < $version or (now_.content_hash is not null and now_.content_hash <> c.source))
order by c.candidate_id
