-- Candidates of these exercises' and languages' cells whose exercise has a newer version, or whose section has another
-- text now, and that nothing was planned in the place of yet. Which of them are accepted, `candidate_states` says.
-- `source_now` is the text of the same place in the current revision; null when the place is gone or withdrawn.
with versions as (
    select unnest($exercises) as exercise, unnest($versions) as version
),
-- of an article that was read once no section has another text
several as (
    select collection, language, url
    from seed_corpus
    group by collection, language, url
    having count(*) > 1
),
places as (
    select
        s.section_id, s.content_hash, s.refused_reason, s.heading_path, s.position, a.collection, a.language, a.url,
        a.is_current
    from sections as s
    join seed_corpus as a using (seed_id)
    semi join several as t on t.collection = a.collection and t.language = a.language and t.url = a.url
),
current_places as (
    select p.*
    from places as p
    anti join withdrawn_sections as w on w.section_id = p.section_id
    where p.is_current and p.refused_reason is null
),
changed as (
    select old.section_id, now_.content_hash as source_now, now_.section_id as section_id_now
    from places as old
    join current_places as now_
        on now_.collection = old.collection
        and now_.language = old.language
        and now_.url = old.url
        and now_.heading_path = old.heading_path
        and now_.position = old.position
    where now_.content_hash <> old.content_hash
),
-- of nearly all cells there are none, and then no candidate's other columns are read
older as materialized (
    select distinct c.exercise, c.exercise_version
    from candidates as c
    join versions as v using (exercise)
    where c.exercise_version < v.version
),
outdated as (
    select c.*, n.source_now, n.section_id_now
    from candidates as c
    join changed as n on n.section_id = c.section_id
    where n.source_now <> c.source
    union
    select c.*, n.source_now, n.section_id_now
    from candidates as c
    semi join older as v on v.exercise = c.exercise and v.exercise_version = c.exercise_version
    left join changed as n on n.section_id = c.section_id
)
select
    c.exercise,
    c.language,
    c.candidate_id,
    c.pass,
    c.section_id,
    coalesce(c.source_now, c.source) as source_now,
    coalesce(c.section_id_now, c.section_id) as section_id_now
from outdated as c
semi join versions as v using (exercise)
where c.language in (select unnest($languages))
order by c.exercise, c.language, c.candidate_id
