-- The calls of one batch, out of the journal into the table, in the order of work.
insert into call_segments by name
select * replace (
    decode(request) as request,
    decode(templates) as templates,
    decode(reply) as reply,
    decode(finish_reason) as finish_reason,
    decode(error) as error,
    decode(logprobs) as logprobs
)
from journal.call_journal
where batch = $batch
order by candidate_id, step, attempt, sample
