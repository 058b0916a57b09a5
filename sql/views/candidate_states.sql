-- One row per candidate with the one state it is in, derived from the step tables.
-- While a transaction's variable `live` is true (see stages/settling.py), these are the candidates of rounds that are not
-- settled, planned since `open_since`, by their rows since `rows_since`; else, as for everybody, all of them. A list in
-- the variable `among` leaves those candidates alone.
create or replace view candidate_states as
with planned as not materialized (
    select p.*
    from candidates as p
    anti join (
        select distinct exercise, language, round
        from settled_rounds
        where coalesce(getvariable('live'), false)
    ) as known
        on known.exercise = p.exercise and known.language = p.language and known.round = p.round
    where p.planned_at >= coalesce(if(getvariable('live'), getvariable('open_since'), null), '-infinity'::timestamptz)
),
asked as not materialized (
    select candidate_id, model, refused_reason, made_at
    from queries
    where made_at >= coalesce(if(getvariable('live'), getvariable('rows_since'), null), '-infinity'::timestamptz)
),
drafted as not materialized (
    select candidate_id, model, refused_reason, made_at
    from reasoning_drafts
    where made_at >= coalesce(if(getvariable('live'), getvariable('rows_since'), null), '-infinity'::timestamptz)
),
answered as not materialized (
    select candidate_id, model, refused_reason, made_at
    from answers
    where made_at >= coalesce(if(getvariable('live'), getvariable('rows_since'), null), '-infinity'::timestamptz)
),
scored as not materialized (
    select candidate_id, passed, reason, scorer_version, weighed_by, judgement, made_at
    from quality_scores
    where made_at >= coalesce(if(getvariable('live'), getvariable('rows_since'), null), '-infinity'::timestamptz)
),
cleared as not materialized (
    select candidate_id, passed, reason, fingerprint, judged_at
    from contamination
    where judged_at >= coalesce(if(getvariable('live'), getvariable('rows_since'), null), '-infinity'::timestamptz)
),
decided as not materialized (
    select candidate_id, verdict, decided_at
    from duplicates
    where decided_at >= coalesce(if(getvariable('live'), getvariable('rows_since'), null), '-infinity'::timestamptz)
),
replaced as (
    -- a withdrawn replacement still stands in the way: what it replaced was of an older text or an older exercise
    select distinct r.replaces as candidate_id
    from (select candidate_id, replaces from planned where replaces is not null) as r
    semi join (from decided where verdict = 'kept') as u using (candidate_id)
    anti join (from asked where refused_reason is not null) as q using (candidate_id)
    anti join (from drafted where refused_reason is not null) as d using (candidate_id)
    anti join (from answered where refused_reason is not null) as a using (candidate_id)
    anti join (from scored where not passed and reason is not null) as s using (candidate_id)
    anti join (from cleared where reason is not null) as k using (candidate_id)
),
base as (
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
        coalesce(q.model = 'program' and d.model = 'program' and a.model = 'program', false) as by_program,
        s.passed,
        s.scorer_version,
        s.weighed_by,
        s.judgement,
        k.fingerprint as held_against,
        -- the sum of row_stamps over its rows in these tables
        epoch_us(c.planned_at) // 1000
        + coalesce(epoch_us(q.made_at) // 1000 + coalesce(length(q.refused_reason), 0), 0)
        + coalesce(epoch_us(d.made_at) // 1000 + coalesce(length(d.refused_reason), 0), 0)
        + coalesce(epoch_us(a.made_at) // 1000 + coalesce(length(a.refused_reason), 0), 0)
        + coalesce(epoch_us(s.made_at) // 1000 + if(s.passed, 0, 1), 0)
        + coalesce(epoch_us(k.judged_at) // 1000 + if(k.passed, 0, 1), 0)
        + coalesce(epoch_us(u.decided_at) // 1000 + length(u.verdict), 0)
        + coalesce(w.stamp, 0) as stamp
    from (
        from planned
        where getvariable('among') is null or candidate_id in (select unnest(cast(getvariable('among') as varchar[])))
    ) as c
    left join asked as q using (candidate_id)
    left join drafted as d using (candidate_id)
    left join answered as a using (candidate_id)
    left join scored as s using (candidate_id)
    left join cleared as k using (candidate_id)
    left join decided as u using (candidate_id)
    left join (
        select candidate_id, sum(epoch_us(withdrawn_at) // 1000) as stamp from withdrawals group by candidate_id
    ) as w using (candidate_id)
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
