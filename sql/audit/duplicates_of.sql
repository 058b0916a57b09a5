-- The candidates that were refused as duplicates of this one.
select candidate_id, similarity, method
from duplicates
where keeper_id = $candidate_id and verdict = 'duplicate'
order by similarity desc, candidate_id
