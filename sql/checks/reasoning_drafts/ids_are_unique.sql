-- No two rows of reasoning_drafts bear one id.
select candidate_id, count(*) as rows
from reasoning_drafts
group by candidate_id
having count(*) > 1
