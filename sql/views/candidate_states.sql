-- One row per candidate with the one state it is in, derived from the step tables.
create or replace view candidate_states as
with base as (
    select
        c.candidate_id,
        c.exercise,
        c.exercise_version,
        c.language,
        c.round,
        c.source,
        c.section_id,
        c.pass,
        c.replaces,
        c.recipe_hash,
        w.candidate_id is not null as is_withdrawn,
        coalesce(
            q.refused_reason,
            d.refused_reason,
            a.refused_reason,
            case when not s.passed then s.reason end,
            k.reason
        ) as refused_reason,
        case
            when q.refused_reason is not null then 'queries'
            when d.refused_reason is not null then 'reasoning_drafts'
            when a.refused_reason is not null then 'answers'
            when not s.passed then 'quality_scores'
            when k.reason is not null then 'contamination'
        end as refused_at,
        q.candidate_id is not null as has_query,
        d.candidate_id is not null as has_draft,
        a.candidate_id is not null as has_answer,
        s.candidate_id is not null as has_score,
        u.verdict,
        coalesce(q.model = 'program' and d.model = 'program' and a.model = 'program', false) as by_program
    from candidates as c
    left join queries as q using (candidate_id)
    left join reasoning_drafts as d using (candidate_id)
    left join answers as a using (candidate_id)
    left join quality_scores as s using (candidate_id)
    left join contamination as k using (candidate_id)
    left join duplicates as u using (candidate_id)
    left join (select distinct candidate_id from withdrawals) as w using (candidate_id)
),
replaced as (
    select distinct replaces as candidate_id
    from base
    -- a withdrawn replacement still stands in the way: what it replaced was of an older text or an older exercise
    where replaces is not null and verdict = 'kept' and refused_reason is null
)
select
    base.*,
    case
        when is_withdrawn then 'withdrawn'
        when replaced.candidate_id is not null then 'superseded'
        when refused_reason is not null then 'refused'
        when verdict = 'duplicate' then 'duplicate'
        when verdict = 'kept' then 'accepted'
        else 'open'
    end as state
from base
left join replaced using (candidate_id)
