-- The row of reasoning_drafts of one candidate.
select *
from reasoning_drafts
where candidate_id = $candidate_id
