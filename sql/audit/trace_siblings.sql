-- The candidates of one section, in the order of planning; one in 2**64 of another section stands among them. Constraints
-- and neighbours are left out, which are most of a plan's width.
select
    candidate_id, exercise, exercise_version, language, round, pass, source, section_id, replaces, recipe_name, recipe_hash,
    run_id, planned_at, candidate_key
from candidates
where section_key = md5_number_lower($section_id) // 2
order by planned_at, pass, candidate_id
