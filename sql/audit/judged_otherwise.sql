-- How many judged rows of a cell stand there by other scorers or weights, or unseen by the judge that is to see them.
select count(*) as rows
from quality_scores as s
left join judgements as j on j.candidate_id = s.candidate_id and $judge_share > 0
anti join withdrawals as w on w.candidate_id = s.candidate_id
where
    s.exercise = $exercise
    and s.language = $language
    and (
        s.scorer_version <> $scorer_version
        or s.weighed_by <> $weighed_by
        or s.judgement is distinct from j.fingerprint
        or (
            j.candidate_id is null
            and md5_number_lower(s.candidate_id) < $judge_share * 18446744073709551616.0::double
        )
    )
