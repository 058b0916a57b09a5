-- One candidate with its plan, its round and its state.
select c.*, s.state, s.refused_reason, s.refused_at, s.by_program, t.synth_id
from candidates as c
join candidate_states as s using (candidate_id)
left join samples as t using (candidate_id)
where c.candidate_id = $candidate_id
