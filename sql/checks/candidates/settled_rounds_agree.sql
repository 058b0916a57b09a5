-- What is noted of settled rounds is what the states of their candidates add up to; the next look at their cell notes it anew.
-- severity: warning
with noted as (
    select exercise, language, round, state, sum(candidates) as candidates, sum(stamp) as stamp
    from settled_rounds
    group by exercise, language, round, state
),
derived as (
    select g.exercise, g.language, g.round, g.state, sum(g.candidates) as candidates, sum(g.stamp) as stamp
    from state_groups as g
    semi join noted as n on n.exercise = g.exercise and n.language = g.language and n.round = g.round
    group by g.exercise, g.language, g.round, g.state
)
select
    exercise,
    language,
    round,
    state,
    noted.candidates as noted,
    derived.candidates as derived
from noted
full join derived using (exercise, language, round, state)
where noted.candidates is distinct from derived.candidates or noted.stamp is distinct from derived.stamp
order by exercise, language, round, state
