-- What the calls of one cell took.
select
    cast(coalesce(sum(coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0)), 0) as bigint) as cell_tokens,
    cast(coalesce(sum(cost_usd), 0) as double) as cell_cost_usd
from model_calls
where exercise = $exercise and language = $language
