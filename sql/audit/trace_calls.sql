-- Every call that was made for one candidate, oldest first.
select *
from model_calls
where candidate_id = $candidate_id
order by started_at, call_id
