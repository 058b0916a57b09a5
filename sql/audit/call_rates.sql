-- What calls came to so far, by exercise, role and model: how many, for how many candidates, tokens and seconds a call.
select
    exercise,
    role,
    model,
    count(*) as calls,
    count(distinct candidate_id) as candidates,
    cast(coalesce(avg(prompt_tokens), 0) as double) as prompt_tokens,
    cast(coalesce(avg(completion_tokens), 0) as double) as completion_tokens,
    cast(avg(epoch(cast(finished_at as timestamptz)) - epoch(cast(started_at as timestamptz))) as double) as seconds
from model_calls
where error is null
group by exercise, role, model
order by exercise, role, model
