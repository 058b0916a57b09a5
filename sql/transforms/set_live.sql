-- Whether candidate_states and the views on it hold what is not settled alone.
set variable live = $live
