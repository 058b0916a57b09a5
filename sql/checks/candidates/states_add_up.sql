-- In every cell, planned candidates are the sum of those in each state; no candidate has two states or none.
with counted as (
    select
        exercise,
        language,
        count(*) as states,
        count(distinct candidate_id) as candidates,
        count(*) filter (state in ('open', 'refused', 'duplicate', 'accepted', 'superseded', 'withdrawn')) as known
    from candidate_states
    group by exercise, language
),
planned as (
    select exercise, language, count(*) as planned
    from candidates
    group by exercise, language
)
select *
from planned
full join counted using (exercise, language)
where planned is distinct from states or states is distinct from candidates or states is distinct from known
