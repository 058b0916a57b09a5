-- One row per candidate with the one state it is in, derived from the step tables.
-- While a transaction's variable `live` is true (see stages/settling.py), these are the candidates of rounds that are not
-- settled, planned since `open_since`, by their rows since `rows_since`; else, as for everybody, all of them. A list in
-- the variable `among` leaves those candidates alone. What rows come to is views/states_of_joined, which is put in.
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
joined as (
    select
        c.*,
        q.candidate_id is not null as has_query,
        q.model as query_model,
        q.refused_reason as query_refused,
        q.made_at as query_at,
        d.candidate_id is not null as has_draft,
        d.model as draft_model,
        d.refused_reason as draft_refused,
        d.made_at as draft_at,
        a.candidate_id is not null as has_answer,
        a.model as answer_model,
        a.refused_reason as answer_refused,
        a.made_at as answer_at,
        s.candidate_id is not null as has_score,
        s.passed as score_passed,
        s.reason as score_reason,
        s.scorer_version,
        s.weighed_by,
        s.judgement,
        s.made_at as score_at,
        k.passed as clear,
        k.reason as clear_reason,
        k.fingerprint as held_against,
        k.judged_at as clear_at,
        u.verdict,
        u.decided_at as verdict_at,
        w.candidate_id is not null as is_withdrawn,
        w.stamp as withdrawn_stamp
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
from ({states})
