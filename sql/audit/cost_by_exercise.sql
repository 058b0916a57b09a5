-- What calls took, by exercise.
select
    exercise,
    count(*) as calls,
    count(*) filter (error is not null) as failed,
    cast(coalesce(sum(prompt_tokens), 0) as bigint) as prompt_tokens,
    cast(coalesce(sum(completion_tokens), 0) as bigint) as completion_tokens,
    cast(coalesce(sum(cost_usd), 0) as double) as cost_usd,
    count(*) filter (error is null and cost_usd is null) as unpriced
from model_calls
group by exercise
order by exercise
