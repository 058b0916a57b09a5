-- The work list of samples: accepted candidates of the cell that are not published yet.
select c.candidate_id
from candidate_states as c
anti join samples as t using (candidate_id)
where c.exercise = $exercise and c.language = $language and c.state = 'accepted'
order by c.candidate_id
