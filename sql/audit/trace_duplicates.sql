-- What states follow from: the rows of some candidates in duplicates, of whatever run.
select
    'duplicates' as step, candidate_id, run_id, null::varchar as refused_reason, null::varchar as refused_detail,
    null::varchar as reason, null::varchar as model, null::boolean as passed, verdict
from duplicates
where candidate_id in (select unnest($candidate_ids))
