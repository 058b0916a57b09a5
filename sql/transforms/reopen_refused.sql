-- Takes refusals of a cell's steps back: all of them when forced, else those of these reasons that have attempts left.
-- The caller has named the candidates in the variable `among` (see refused_by_steps), so that no others are derived.
insert into reopened by name
with refusals as (
    select 'queries' as refused_at, * exclude (query) from queries
    union all by name
    select 'reasoning_drafts' as refused_at, * exclude (draft) from reasoning_drafts
    union all by name
    select 'answers' as refused_at, * exclude (answer, checks) from answers
)
select
    f.candidate_id,
    f.exercise,
    f.language,
    f.refused_at,
    f.refused_reason,
    f.refused_detail,
    f.model,
    f.templates,
    f.call_ids,
    f.attempts,
    f.fingerprint,
    f.run_id as refused_run,
    f.made_at as refused_on,
    $why as why,
    $run_id as run_id,
    cast($reopened_at as timestamptz) as reopened_at
from refusals as f
join candidate_states as c on c.candidate_id = f.candidate_id and c.refused_at = f.refused_at
left join (
    select candidate_id, count(*) as times
    from reopened
    where why = 'transient'
    group by candidate_id
) as r on r.candidate_id = f.candidate_id
where
    c.exercise = $exercise
    and c.language = $language
    and c.state = 'refused'
    and f.exercise = $exercise
    and f.language = $language
    and f.refused_reason is not null
    and (
        $why = 'forced'
        or (f.refused_reason in (select unnest($transient)) and coalesce(r.times, 0) < $attempts - 1)
    )
