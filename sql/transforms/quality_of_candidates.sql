-- The quality of these candidates.
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
)
select candidate_id, composite
from quality_scores
semi join near using (candidate_id)
where made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)
union all
select candidate_id, composite
from quality_scores
semi join far using (candidate_id)
