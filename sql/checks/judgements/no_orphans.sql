-- Every row of judgements has its row in answers.
select judgements.candidate_id
from judgements
anti join answers using (candidate_id)
