-- What states follow from: the rows of some candidates in answers, of whatever run.
select
    'answers' as step, candidate_id, run_id, refused_reason, refused_detail, null::varchar as reason, model,
    null::boolean as passed, null::varchar as verdict
from answers
where candidate_id in (select unnest($candidate_ids))
