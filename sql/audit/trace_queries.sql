-- What states follow from: the rows of some candidates in queries, of whatever run.
select
    'queries' as step, candidate_id, run_id, refused_reason, refused_detail, null::varchar as reason, model,
    null::boolean as passed, null::varchar as verdict
from queries
where candidate_id in (select unnest($candidate_ids))
