-- The row of queries of one candidate.
select *
from queries
where candidate_id = $candidate_id
