-- What a step of these candidates starts from: the plan, the query and the trace as far as they are made.
with wanted as (
    select unnest($candidate_ids) as candidate_id
),
near as materialized (
    select c.*
    from candidates as c
    semi join wanted using (candidate_id)
    where c.planned_at >= coalesce(getvariable('open_since'), '-infinity'::timestamptz)
),
-- planned before anything that is open: of these every row is looked at
far as materialized (
    from wanted anti join near using (candidate_id)
),
planned as (
    from near
    union all
    select c.* from candidates as c semi join far using (candidate_id)
),
asked as (
    select candidate_id, query, payload, fingerprint, model
    from queries
    semi join near using (candidate_id)
    where made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)
    union all
    select candidate_id, query, payload, fingerprint, model
    from queries
    semi join far using (candidate_id)
),
drafted as (
    select candidate_id, draft, payload, fingerprint, model
    from reasoning_drafts
    semi join near using (candidate_id)
    where made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)
    union all
    select candidate_id, draft, payload, fingerprint, model
    from reasoning_drafts
    semi join far using (candidate_id)
),
answered as (
    select candidate_id, answer, payload, checks, model
    from answers
    semi join near using (candidate_id)
    where made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)
    union all
    select candidate_id, answer, payload, checks, model
    from answers
    semi join far using (candidate_id)
)
select
    c.candidate_id,
    c.exercise,
    c.language,
    c.pass,
    c.round,
    c.section_id,
    c.neighbour_ids,
    c.constraints,
    c.source,
    c.replaces,
    q.query,
    q.payload as query_payload,
    q.fingerprint as query_fingerprint,
    q.model as query_model,
    d.draft,
    d.payload as draft_payload,
    d.fingerprint as draft_fingerprint,
    d.model as draft_model,
    a.answer,
    a.payload as answer_payload,
    a.checks,
    a.model as answer_model,
    c.candidate_id in (select candidate_id from withdrawals) as withdrawn
from planned as c
left join asked as q using (candidate_id)
left join drafted as d using (candidate_id)
left join answered as a using (candidate_id)
