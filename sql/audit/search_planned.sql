-- When some candidates were planned.
select candidate_id, planned_at
from candidates
where candidate_id in (select unnest($candidate_ids))
