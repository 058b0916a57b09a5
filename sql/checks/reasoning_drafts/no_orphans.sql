-- Every row of reasoning_drafts has its row in queries.
select reasoning_drafts.candidate_id
from reasoning_drafts
anti join queries using (candidate_id)
