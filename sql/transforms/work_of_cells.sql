-- What is to be done in each of these exercises' and languages' cells, one row a cell that has candidates: how many
-- candidates are in each state, accepted ones that are not published, samples and verdicts that a withdrawal, a
-- replacement or a new refusal has overtaken, rows that passed and were not held against these benchmarks (where none
-- is named, those that were held against some), and refusals that may pass and have attempts left.
with cells as (
    select exercise, language
    from (select unnest($exercises) as exercise)
    cross join (select unnest($languages) as language)
),
sums as (
    select
        exercise,
        language,
        sum(candidates) as planned,
        sum(candidates) filter (state = 'open') as open,
        sum(candidates) filter (state = 'refused') as refused,
        sum(candidates) filter (state = 'duplicate') as duplicate,
        sum(candidates) filter (state = 'accepted') as accepted,
        sum(candidates) filter (state = 'accepted' and not is_published) as unpublished,
        sum(candidates) filter (state <> 'accepted' and is_published) as overtaken,
        sum(candidates) filter (
            if(
                $fingerprint = '',
                held_against is not null,
                passed and held_against is distinct from $fingerprint and state <> 'withdrawn'
            )
        ) as unjudged,
        sum(candidates) filter (
            state = 'refused'
            and refused_at in ('queries', 'reasoning_drafts', 'answers')
            and refused_reason in (select unnest($transient))
            and times_reopened < $attempts - 1
        ) as transient,
        sum(candidates) filter (not is_settled and state <> 'open') as unsettled
    from cell_groups
    semi join cells using (exercise, language)
    group by exercise, language
),
-- a keeper that stands no longer is not settled as long as a verdict rests on it
overtaken as (
    select d.exercise, d.language, count(*) as verdicts
    from duplicates as d
    semi join (from candidate_states where state <> 'accepted') as k on k.candidate_id = d.keeper_id
    semi join cells as i on i.exercise = d.exercise and i.language = d.language
    where d.verdict = 'duplicate'
    group by d.exercise, d.language
),
last_rounds as (
    select exercise, language, max(round) as last_round
    from rounds
    group by exercise, language
)
select
    sums.exercise,
    sums.language,
    cast(sums.planned as bigint) as planned,
    cast(coalesce(sums.open, 0) as bigint) as open,
    cast(coalesce(sums.refused, 0) as bigint) as refused,
    cast(coalesce(sums.duplicate, 0) as bigint) as duplicate,
    cast(coalesce(sums.accepted, 0) as bigint) as accepted,
    cast(coalesce(sums.unpublished, 0) as bigint) as unpublished,
    cast(coalesce(sums.overtaken, 0) + coalesce(overtaken.verdicts, 0) as bigint) as overtaken,
    cast(coalesce(sums.unjudged, 0) as bigint) as unjudged,
    cast(coalesce(sums.transient, 0) as bigint) as transient,
    cast(coalesce(sums.unsettled, 0) as bigint) as unsettled,
    coalesce(last_rounds.last_round, 0) as last_round
from sums
left join overtaken using (exercise, language)
left join last_rounds using (exercise, language)
