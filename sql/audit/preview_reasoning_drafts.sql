-- The newest rows of reasoning_drafts in one cell.
select candidate_id[:12] as candidate, draft, refused_reason, model, attempts
from reasoning_drafts
where exercise = $exercise and language = $language
order by made_at desc, candidate_id
limit $rows
