-- The candidates at these places that were refused as duplicates of this one.
select candidate_id, similarity, method
from duplicates
where rowid in (select unnest($places::bigint[])) and keeper_id = $candidate_id and verdict = 'duplicate'
order by similarity desc, candidate_id
