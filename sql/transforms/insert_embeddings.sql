-- New rows of embeddings; rows that are there already stay as they are. They are looked for among those since `rows_since`,
-- and of candidates that were planned before `open_since` among all. That rests on no row being older than the plan it
-- follows: where a clock was wrong, the row bears the plan's time.
insert into embeddings by name
with late as (
    select candidate_id, planned_at
    from candidates
    where planned_at >= coalesce(getvariable('open_since'), '-infinity'::timestamptz)
),
older as (
    select candidate_id
    from incoming
    anti join late using (candidate_id)
)
select i.* replace (
    greatest(i.made_at, late.planned_at) as made_at,
    (md5_number_lower(i.candidate_id[:16]) // 1099511627776)::integer as candidate_key
)
from incoming as i
left join late using (candidate_id)
anti join (
    select candidate_id, encoder
    from embeddings
    where made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)
) as there using (candidate_id, encoder)
anti join (select t.candidate_id, t.encoder from embeddings as t semi join older using (candidate_id)) as early
    using (candidate_id, encoder)
