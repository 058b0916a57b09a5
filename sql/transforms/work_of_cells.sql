-- What is to be done in each of these exercises' and languages' cells, one row a cell that has candidates: how many
-- candidates are in each state, accepted ones that are not published, samples and verdicts that a withdrawal, a
-- replacement or a new refusal has overtaken, rows that passed and were not held against these benchmarks (where none
-- is named, those that were held against some), and refusals that may pass and have attempts left.
with cells as (
    select exercise, language
    from (select unnest($exercises) as exercise)
    cross join (select unnest($languages) as language)
),
states as materialized (
    select s.candidate_id, s.exercise, s.language, s.state, s.refused_at, s.refused_reason
    from candidate_states as s
    semi join cells using (exercise, language)
),
findings as (
    select
        exercise,
        language,
        case
            when state in ('open', 'refused', 'duplicate', 'accepted') then state
            else 'beside'
        end as kind
    from states
    union all
    select s.exercise, s.language, 'unpublished'
    from states as s
    anti join samples as t using (candidate_id)
    where s.state = 'accepted'
    union all
    select s.exercise, s.language, 'overtaken'
    from states as s
    semi join samples as t using (candidate_id)
    where s.state <> 'accepted'
    union all
    select d.exercise, d.language, 'overtaken'
    from duplicates as d
    semi join cells as i on i.exercise = d.exercise and i.language = d.language
    join candidate_states as k on k.candidate_id = d.keeper_id
    where d.verdict = 'duplicate' and k.state <> 'accepted'
    union all
    select c.exercise, c.language, 'unjudged'
    from states as c
    semi join (select candidate_id from quality_scores where passed) as s using (candidate_id)
    anti join (select candidate_id from contamination where fingerprint = $fingerprint) as t using (candidate_id)
    where c.state <> 'withdrawn' and $fingerprint <> ''
    union all
    select t.exercise, t.language, 'unjudged'
    from contamination as t
    semi join cells as i on i.exercise = t.exercise and i.language = t.language
    where $fingerprint = ''
    union all
    select c.exercise, c.language, 'transient'
    from states as c
    left join (
        select candidate_id, count(*) as times
        from reopened
        where why = 'transient'
        group by candidate_id
    ) as r using (candidate_id)
    where
        c.state = 'refused'
        and c.refused_at in ('queries', 'reasoning_drafts', 'answers')
        and c.refused_reason in (select unnest($transient))
        and coalesce(r.times, 0) < $attempts - 1
),
sums as (
    select
        exercise,
        language,
        count(*) filter (kind in ('open', 'refused', 'duplicate', 'accepted', 'beside')) as planned,
        count(*) filter (kind = 'open') as open,
        count(*) filter (kind = 'refused') as refused,
        count(*) filter (kind = 'duplicate') as duplicate,
        count(*) filter (kind = 'accepted') as accepted,
        count(*) filter (kind = 'unpublished') as unpublished,
        count(*) filter (kind = 'overtaken') as overtaken,
        count(*) filter (kind = 'unjudged') as unjudged,
        count(*) filter (kind = 'transient') as transient
    from findings
    group by exercise, language
),
last_rounds as (
    select exercise, language, max(round) as last_round
    from rounds
    group by exercise, language
)
select sums.*, coalesce(last_rounds.last_round, 0) as last_round
from sums
left join last_rounds using (exercise, language)
