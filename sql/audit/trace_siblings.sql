-- The candidates at these places, which are those of one section and maybe strangers, in the order of planning.
-- Constraints and neighbours are left out, which are most of a plan's width.
select
    candidate_id, exercise, exercise_version, language, round, pass, source, section_id, replaces, recipe_name, recipe_hash,
    run_id, planned_at, candidate_key
from candidates
where rowid in (select unnest($places::bigint[]))
order by planned_at, pass, candidate_id
