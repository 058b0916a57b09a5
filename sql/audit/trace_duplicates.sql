-- The row of duplicates of one candidate.
select *
from duplicates
where candidate_id = $candidate_id
