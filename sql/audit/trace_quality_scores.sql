-- What states follow from: the rows of some candidates in quality_scores, of whatever run.
select
    'quality_scores' as step, candidate_id, run_id, case when not passed then reason end as refused_reason,
    null::varchar as refused_detail, reason, null::varchar as model, passed, null::varchar as verdict
from quality_scores
where candidate_id in (select unnest($candidate_ids))
