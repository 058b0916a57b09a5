-- What states follow from: the rows at these places of the tables of steps.
select
    'queries' as step,
    candidate_id,
    refused_reason,
    refused_detail,
    null::varchar as reason,
    null::boolean as passed,
    null::varchar as verdict
from queries
where rowid in (select unnest($queries::bigint[]))
union all
select
    'reasoning_drafts' as step,
    candidate_id,
    refused_reason,
    refused_detail,
    null::varchar as reason,
    null::boolean as passed,
    null::varchar as verdict
from reasoning_drafts
where rowid in (select unnest($reasoning_drafts::bigint[]))
union all
select
    'answers' as step,
    candidate_id,
    refused_reason,
    refused_detail,
    null::varchar as reason,
    null::boolean as passed,
    null::varchar as verdict
from answers
where rowid in (select unnest($answers::bigint[]))
union all
select
    'quality_scores' as step,
    candidate_id,
    null::varchar as refused_reason,
    null::varchar as refused_detail,
    reason,
    passed,
    null::varchar as verdict
from quality_scores
where rowid in (select unnest($quality_scores::bigint[]))
union all
select
    'contamination' as step,
    candidate_id,
    null::varchar as refused_reason,
    null::varchar as refused_detail,
    reason,
    passed,
    null::varchar as verdict
from contamination
where rowid in (select unnest($contamination::bigint[]))
union all
select
    'duplicates' as step,
    candidate_id,
    null::varchar as refused_reason,
    null::varchar as refused_detail,
    null::varchar as reason,
    null::boolean as passed,
    verdict
from duplicates
where rowid in (select unnest($duplicates::bigint[]))
