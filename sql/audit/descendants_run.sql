-- The candidates that a run planned or wrote a row of.
select candidate_id from candidates where run_id = $run_id
union
select candidate_id from queries where run_id = $run_id
union
select candidate_id from reasoning_drafts where run_id = $run_id
union
select candidate_id from answers where run_id = $run_id
union
select candidate_id from embeddings where run_id = $run_id
union
select candidate_id from quality_scores where run_id = $run_id
union
select candidate_id from judgements where run_id = $run_id
union
select candidate_id from contamination where run_id = $run_id
union
select candidate_id from duplicates where run_id = $run_id
union
select candidate_id from samples where run_id = $run_id
order by candidate_id
