-- The refusals of one candidate that were taken back, oldest first.
select refused_at, refused_reason, refused_detail, model, attempts, refused_run, refused_on, why, run_id, reopened_at
from reopened
where candidate_id = $candidate_id
order by reopened_at, refused_at
