-- Every call ever made, with its tokens and its cost.
select
    count(*) as calls,
    cast(coalesce(sum(coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0)), 0) as bigint) as tokens,
    cast(coalesce(sum(cost_usd), 0) as double) as cost_usd
from model_calls
