-- The row of samples of one candidate.
select *
from samples
where candidate_id = $candidate_id
