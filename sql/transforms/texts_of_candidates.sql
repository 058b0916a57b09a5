-- Everything that these candidates say, with what their exercise reads it by.
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
asked as (
    select candidate_id, query, payload
    from queries
    semi join near using (candidate_id)
    where made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)
    union all
    select candidate_id, query, payload
    from queries
    semi join far using (candidate_id)
),
drafted as (
    select candidate_id, draft
    from reasoning_drafts
    semi join near using (candidate_id)
    where made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)
    union all
    select candidate_id, draft
    from reasoning_drafts
    semi join far using (candidate_id)
),
answered as (
    select candidate_id, answer, payload
    from answers
    semi join near using (candidate_id)
    where made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)
    union all
    select candidate_id, answer, payload
    from answers
    semi join far using (candidate_id)
)
select
    q.candidate_id,
    q.query,
    q.payload as query_payload,
    d.draft,
    a.answer,
    a.payload as answer_payload
from asked as q
join drafted as d using (candidate_id)
join answered as a using (candidate_id)
order by q.candidate_id
