-- What states follow from: the rows of some candidates in reasoning_drafts, of whatever run.
select
    'reasoning_drafts' as step, candidate_id, run_id, refused_reason, refused_detail, null::varchar as reason, model,
    null::boolean as passed, null::varchar as verdict
from reasoning_drafts
where candidate_id in (select unnest($candidate_ids))
