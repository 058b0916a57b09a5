-- The candidates that were planned on some sections, or with one of them as a neighbour, in the order of planning.
select *
from candidates
where section_id in (select unnest($section_ids)) or list_has_any(neighbour_ids, $section_ids)
order by planned_at, candidate_id
