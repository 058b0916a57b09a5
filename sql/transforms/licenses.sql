-- The licence and the article revision of the sections that these candidates draw on.
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
select distinct s.section_id, s.license, s.seed_id
from (
    select section_id from near
    union all
    select c.section_id from candidates as c semi join far using (candidate_id)
) as c
join sections as s using (section_id)
