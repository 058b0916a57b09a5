-- A page of the work list of quality_scores: answered candidates of the cell that are not judged, or by other scorers, or
-- before the judge was; of rounds that are settled none is: see unsettle_otherwise_judged. Where the recipe has a judge, a
-- candidate that it is to see and has not seen waits.
select
    a.candidate_id,
    t.candidate_id is not null as again,
    j.fingerprint as judgement,
    j.points,
    count(*) over () as found
from answers as a
left join (from quality_scores where made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)) as t using (candidate_id)
left join (from judgements where made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)) as j
    on j.candidate_id = a.candidate_id and $judge_share > 0
anti join withdrawals as w on w.candidate_id = a.candidate_id
where
    a.exercise = $exercise
    and a.language = $language
    and a.refused_reason is null
    and a.made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)
    and a.candidate_id > $candidate_id
    and (
        j.candidate_id is not null
        or not md5_number_lower(a.candidate_id) < $judge_share * 18446744073709551616.0::double
    )
    and (
        t.candidate_id is null
        or t.scorer_version <> $scorer_version
        or t.judgement is distinct from j.fingerprint
    )
order by a.candidate_id
limit $most
