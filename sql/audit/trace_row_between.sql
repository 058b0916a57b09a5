-- The rows of a table that belong to one candidate and were written between two moments; who runs it puts in the table,
-- its columns and the column of the moment. Rows stand in the order of their writing, so that few are looked at.
select {columns}
from {table}
where {moment} between $since and $until and candidate_id = $candidate_id
