-- What every model was asked for in each role, and what that cost.
select
    model,
    role,
    count(*) as calls,
    count(*) filter (error is not null) as refused_calls,
    cast(coalesce(sum(prompt_tokens), 0) as bigint) as prompt_tokens,
    cast(coalesce(sum(completion_tokens), 0) as bigint) as completion_tokens,
    -- summed as decimals: the order of rows must not show in the last digit
    cast(coalesce(sum(cast(cost_usd as decimal(18, 9))), 0) as double) as cost_usd,
    count(*) filter (cost_usd is null and error is null) as unpriced_calls
from model_calls
group by model, role
order by model, role
