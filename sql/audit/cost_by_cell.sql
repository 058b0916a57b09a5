-- What calls took, by cell, and what each accepted row of it cost.
with taken as (
    select
        exercise,
        language,
        count(*) as calls,
        count(*) filter (error is not null) as failed,
        cast(coalesce(sum(prompt_tokens), 0) as bigint) as prompt_tokens,
        cast(coalesce(sum(completion_tokens), 0) as bigint) as completion_tokens,
        cast(coalesce(sum(cost_usd), 0) as double) as cost_usd,
        count(*) filter (error is null and cost_usd is null) as unpriced
    from model_calls
    group by exercise, language
),
kept as (
    select exercise, language, count(*) as accepted
    from candidate_states
    where state = 'accepted'
    group by exercise, language
)
select
    taken.*,
    coalesce(kept.accepted, 0) as accepted,
    taken.cost_usd / nullif(kept.accepted, 0) as usd_per_accepted
from taken
left join kept using (exercise, language)
order by exercise, language
