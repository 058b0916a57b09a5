-- Every sample of the dataset, in the order it is released in.
select s.*
from samples as s
join candidate_states as c using (candidate_id)
where c.state = 'accepted'
order by s.synth_id
