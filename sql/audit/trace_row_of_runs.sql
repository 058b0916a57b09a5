-- The rows of a table that belong to one candidate and were written by some runs; who runs it puts in the table and its
-- columns.
select {columns}
from {table}
where run_id in (select unnest($run_ids)) and candidate_id = $candidate_id
