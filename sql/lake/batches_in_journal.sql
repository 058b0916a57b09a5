-- The last batch there is, and those whose calls still stand in the journal.
-- Whatever else a session reads of the journal is of this moment.
select coalesce(max(batch), 0) as last, coalesce(list(batch) filter (not folded), []) as standing
from journal.call_batches
