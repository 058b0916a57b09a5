-- What a run called, by model.
select
    model,
    count(*) as calls,
    cast(sum(coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0)) as bigint) as tokens,
    cast(sum(coalesce(cost_usd, 0)) as double) as cost_usd
from model_calls
where run_id = $run_id
group by model
order by model
