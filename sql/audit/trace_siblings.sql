-- The candidates at these places, which are those of one section, or replace one, and maybe strangers. What is most of a
-- plan's width is left out, and what is not told of a relative.
select
    candidate_id, exercise, exercise_version, language, round, pass, section_id, replaces, recipe_name, run_id, planned_at
from candidates
where rowid in (select unnest($places::bigint[]))
