-- How many judged rows of these exercises' and languages' cells stand there by other scorers or weights, or unseen by the
-- judge that is to see them.
with standards as (
    select
        unnest($exercises) as exercise,
        unnest($scorer_versions) as scorer_version,
        unnest($weights_of) as weighed_by
)
select s.exercise, s.language, count(*) as rows
from quality_scores as s
join standards as n using (exercise)
left join judgements as j on j.candidate_id = s.candidate_id and $judge_share > 0
anti join withdrawals as w on w.candidate_id = s.candidate_id
where
    s.language in (select unnest($languages))
    and (
        s.scorer_version <> n.scorer_version
        or s.weighed_by <> n.weighed_by
        or s.judgement is distinct from j.fingerprint
        or (
            j.candidate_id is null
            and md5_number_lower(s.candidate_id) < $judge_share * 18446744073709551616.0::double
        )
    )
group by s.exercise, s.language
