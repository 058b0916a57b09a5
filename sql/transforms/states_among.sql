-- The states of the candidates in the variable `among` (see set_among).
select candidate_id, state
from candidate_states
