-- The candidates of one section, in the order of planning.
select *
from candidates
where section_id = $section_id
order by planned_at, pass, candidate_id
