-- The candidates at these places, each with its place, in the order of planning.
select
    * exclude (section_key),
    rowid as place
from candidates
where rowid in (select unnest($places::bigint[]))
order by planned_at, candidate_id
