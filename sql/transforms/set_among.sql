-- The candidates that candidate_states is about; all where there is no list.
set variable among = $candidate_ids
