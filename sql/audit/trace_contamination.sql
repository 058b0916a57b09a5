-- What states follow from: the rows of some candidates in contamination, of whatever run.
select
    'contamination' as step, candidate_id, run_id, reason as refused_reason, null::varchar as refused_detail, reason,
    null::varchar as model, passed, null::varchar as verdict
from contamination
where candidate_id in (select unnest($candidate_ids))
