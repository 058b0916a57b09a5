-- Every row of contamination has its row in quality_scores.
select contamination.candidate_id
from contamination
anti join quality_scores using (candidate_id)
