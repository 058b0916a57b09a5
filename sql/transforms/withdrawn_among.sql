-- Those of these candidates that are withdrawn.
select distinct candidate_id
from withdrawals
where candidate_id in (select unnest($candidate_ids))
