-- The rows of a table whose candidate bears this number: one candidate's, and one in 2**24 of the others; who runs it puts
-- in the table and its columns.
select {columns}
from {table}
where candidate_key = $candidate_key
order by run_id
