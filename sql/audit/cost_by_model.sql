-- What calls took, by model and the place that serves it.
select
    model,
    address,
    count(*) as calls,
    count(*) filter (error is not null) as failed,
    cast(coalesce(sum(prompt_tokens), 0) as bigint) as prompt_tokens,
    cast(coalesce(sum(completion_tokens), 0) as bigint) as completion_tokens,
    cast(coalesce(sum(cost_usd), 0) as double) as cost_usd,
    count(*) filter (error is null and cost_usd is null) as unpriced
from model_calls
group by model, address
order by model, address
