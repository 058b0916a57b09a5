-- How many judged rows of these exercises' and languages' cells stand there by other scorers or weights, or unseen by the
-- judge that is to see them.
with standards as (
    select
        unnest($exercises) as exercise,
        unnest($scorer_versions) as scorer_version,
        unnest($weights_of) as weighed_by
),
judged as (
    select
        s.exercise,
        s.language,
        s.scorer_version,
        s.weighed_by,
        s.judgement is not null as has_judgement,
        s.judgement is not distinct from j.fingerprint as judgement_counts,
        j.candidate_id is null and md5_number_lower(s.candidate_id) < $judge_share * 18446744073709551616.0::double
            as is_to_be_seen,
        1 as candidates
    from candidate_states as s
    left join (
        from judgements
        where made_at >= coalesce(if(getvariable('live'), getvariable('rows_since'), null), '-infinity'::timestamptz)
    ) as j using (candidate_id)
    where s.has_score and s.state <> 'withdrawn'
    union all
    -- all of these lie on the same side of the judge's share, see drawn_rounds
    select
        exercise,
        language,
        scorer_version,
        weighed_by,
        has_judgement,
        judgement_counts,
        not is_seen and greatest_draw < $judge_share as is_to_be_seen,
        candidates
    from settled_rounds
    where coalesce(getvariable('live'), false) and scorer_version is not null and state <> 'withdrawn'
)
select s.exercise, s.language, cast(sum(s.candidates) as bigint) as rows
from judged as s
join standards as n using (exercise)
where
    s.language in (select unnest($languages))
    and (
        s.scorer_version <> n.scorer_version
        or s.weighed_by <> n.weighed_by
        or if($judge_share > 0, not s.judgement_counts or s.is_to_be_seen, s.has_judgement)
    )
group by s.exercise, s.language
