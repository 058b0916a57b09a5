-- Questions and answers of accepted samples, at most as many as asked for; ids are hashes, so the first are as good as any.
select s.query || ' ' || s.synthetic_answer as text
from samples as s
anti join left_out as l on l.candidate_id = s.candidate_id
join candidate_states as state on state.candidate_id = s.candidate_id and state.state = 'accepted'
order by s.candidate_id
limit $size
