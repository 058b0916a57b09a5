-- Every row of answers has its row in reasoning_drafts.
select answers.candidate_id
from answers
anti join reasoning_drafts using (candidate_id)
