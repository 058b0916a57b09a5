-- Whether a batch of calls is in the table: one row where it is.
select batch
from call_segments
where batch = $batch
limit 1
