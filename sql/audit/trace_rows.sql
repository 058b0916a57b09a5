-- The rows of a table that belong to one candidate, and one in 2**24 of the others; who runs it puts in the table and its
-- columns.
select {columns}
from {table}
where candidate_key = (md5_number_lower($candidate_id[:16]) // 1099511627776)::integer
order by run_id
