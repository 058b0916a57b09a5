-- Every row of quality_scores has its row in answers.
select quality_scores.candidate_id
from quality_scores
anti join answers using (candidate_id)
