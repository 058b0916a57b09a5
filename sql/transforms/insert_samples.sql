-- New rows of samples; rows that are there already stay as they are. They are looked for among those since `rows_since`, and of
-- candidates that were planned before `open_since` among all.
insert into samples by name
with older as (
    select candidate_id
    from incoming
    anti join (
        select candidate_id
        from candidates
        where planned_at >= coalesce(getvariable('open_since'), '-infinity'::timestamptz)
    ) as c using (candidate_id)
)
select *
from incoming
anti join (
    select candidate_id
    from samples
    where sampled_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)
) as late using (candidate_id)
anti join (select t.candidate_id from samples as t semi join older using (candidate_id)) as early using (candidate_id)
