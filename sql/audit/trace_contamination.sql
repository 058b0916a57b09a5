-- The row of contamination of one candidate.
select *
from contamination
where candidate_id = $candidate_id
