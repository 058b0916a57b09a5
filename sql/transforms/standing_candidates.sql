-- Those of these candidates that are accepted.
select candidate_id
from candidate_states
where candidate_id in (select unnest($candidate_ids)) and state = 'accepted'
