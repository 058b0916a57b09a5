-- The candidates at these places, in the order of planning.
select * exclude (section_key)
from candidates
where rowid in (select unnest($places::bigint[]))
order by planned_at, candidate_id
