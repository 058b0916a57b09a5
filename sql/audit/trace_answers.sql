-- The row of answers of one candidate.
select *
from answers
where candidate_id = $candidate_id
