-- Every row of duplicates has its row in quality_scores.
select duplicates.candidate_id
from duplicates
anti join quality_scores using (candidate_id)
