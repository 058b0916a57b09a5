-- The quality of these candidates.
select candidate_id, composite
from quality_scores
where candidate_id in (select unnest($candidate_ids))
