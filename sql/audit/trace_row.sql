-- The rows of a table that belong to one candidate; who runs it puts in the table and its columns.
select {columns}
from {table}
where candidate_id = $candidate_id
order by run_id
