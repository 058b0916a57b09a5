-- What states follow from: the rows of candidates of these numbers in every table of steps, each with its place there. One
-- in 2**24 of the others stands among them.
select
    'queries' as step,
    rowid as place,
    candidate_id,
    refused_reason,
    refused_detail,
    null::varchar as reason,
    model,
    null::boolean as passed,
    null::varchar as verdict
from queries
where candidate_key in (select unnest($candidate_keys))
union all
select
    'reasoning_drafts' as step,
    rowid as place,
    candidate_id,
    refused_reason,
    refused_detail,
    null::varchar as reason,
    model,
    null::boolean as passed,
    null::varchar as verdict
from reasoning_drafts
where candidate_key in (select unnest($candidate_keys))
union all
select
    'answers' as step,
    rowid as place,
    candidate_id,
    refused_reason,
    refused_detail,
    null::varchar as reason,
    model,
    null::boolean as passed,
    null::varchar as verdict
from answers
where candidate_key in (select unnest($candidate_keys))
union all
select
    'quality_scores' as step,
    rowid as place,
    candidate_id,
    case when not passed then reason end as refused_reason,
    null::varchar as refused_detail,
    reason,
    null::varchar as model,
    passed,
    null::varchar as verdict
from quality_scores
where candidate_key in (select unnest($candidate_keys))
union all
select
    'contamination' as step,
    rowid as place,
    candidate_id,
    reason as refused_reason,
    null::varchar as refused_detail,
    reason,
    null::varchar as model,
    passed,
    null::varchar as verdict
from contamination
where candidate_key in (select unnest($candidate_keys))
union all
select
    'duplicates' as step,
    rowid as place,
    candidate_id,
    null::varchar as refused_reason,
    null::varchar as refused_detail,
    null::varchar as reason,
    null::varchar as model,
    null::boolean as passed,
    verdict
from duplicates
where candidate_key in (select unnest($candidate_keys))
