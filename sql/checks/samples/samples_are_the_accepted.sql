-- The candidate of every sample is accepted.
select s.synth_id, c.state
from samples as s
left join candidate_states as c using (candidate_id)
where c.state is distinct from 'accepted'
