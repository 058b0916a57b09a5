-- The rows of a table that belong to one candidate and were written by one run between two moments; who runs it puts in
-- the table, its columns and the column of the moment. Rows stand in the order of their writing, so that few are looked
-- at; and to compare the run spares reading the ids of all others.
select {columns}
from {table}
where {moment} between $since and $until and run_id = $run_id and candidate_id = $candidate_id
