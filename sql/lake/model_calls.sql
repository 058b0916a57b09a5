-- One row per call to a model, answered or finally failed, with everything that was sent and came back.
-- A batch stands twice between its commit here and its going from the journal: those are named, and read here alone.
-- A later one than the last that the journal knew of is not read: its calls were in none when the journal was read.
create or replace temporary view model_calls as
select * exclude (batch)
from lake.call_segments
where batch <= {last}
union all by name
select * exclude (batch) replace (
    decode(request) as request,
    decode(templates) as templates,
    decode(reply) as reply,
    decode(finish_reason) as finish_reason,
    decode(error) as error,
    decode(logprobs) as logprobs
)
from journal.call_journal
where batch is null or batch not in ({folded})
