-- The accepted candidates of a cell.
select candidate_id
from candidate_states
where exercise = $exercise and language = $language and state = 'accepted'
order by candidate_id
