-- The work list of contamination: candidates of the cell that passed quality and were not held against these benchmarks.
-- Of rounds that are settled they all were: see unsettle_otherwise_held.
select s.candidate_id
from quality_scores as s
anti join (
    select candidate_id
    from contamination
    where fingerprint = $fingerprint and judged_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)
) as t using (candidate_id)
anti join withdrawals as w using (candidate_id)
where s.exercise = $exercise and s.language = $language and s.passed
    and s.made_at >= coalesce(getvariable('rows_since'), '-infinity'::timestamptz)
order by s.candidate_id
