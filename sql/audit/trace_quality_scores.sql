-- The row of quality_scores of one candidate.
select *
from quality_scores
where candidate_id = $candidate_id
