-- Embeddings of accepted samples by one encoder, at most as many as asked for.
select e.vector
from embeddings as e
join candidate_states as state on state.candidate_id = e.candidate_id and state.state = 'accepted'
where e.encoder = $encoder
order by e.candidate_id
limit $size
