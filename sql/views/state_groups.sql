-- One row per round and set of marks that some of its candidates share: how many of candidate_states those are.
create or replace view state_groups as
select
    s.exercise,
    s.language,
    s.round,
    s.exercise_version,
    s.state,
    s.refused_at,
    s.refused_reason,
    s.verdict,
    p.candidate_id is not null as is_published,
    s.passed,
    s.scorer_version,
    s.weighed_by,
    s.judgement is not null as has_judgement,
    s.judgement is not distinct from j.fingerprint as judgement_counts,
    j.candidate_id is not null as is_seen,
    min(md5_number_lower(s.candidate_id)) / 18446744073709551616.0::double as least_draw,
    max(md5_number_lower(s.candidate_id)) / 18446744073709551616.0::double as greatest_draw,
    s.held_against,
    coalesce(r.times, 0) as times_reopened,
    count(*) as candidates,
    cast(
        sum(
            s.stamp
            + coalesce(epoch_us(p.sampled_at) // 1000, 0)
            + coalesce(epoch_us(j.made_at) // 1000, 0)
            + coalesce(r.stamp, 0)
        )
        as bigint
    ) as stamp
from candidate_states as s
left join (
    from samples
    where sampled_at >= coalesce(if(getvariable('live'), getvariable('rows_since'), null), '-infinity'::timestamptz)
) as p using (candidate_id)
left join (
    from judgements
    where made_at >= coalesce(if(getvariable('live'), getvariable('rows_since'), null), '-infinity'::timestamptz)
) as j using (candidate_id)
left join (
    select
        candidate_id,
        count(*) filter (why = 'transient') as times,
        sum(epoch_us(reopened_at) // 1000) as stamp
    from reopened
    group by candidate_id
) as r using (candidate_id)
group by all
