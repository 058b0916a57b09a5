-- What states follow from: the rows of some candidates in every table of steps, of some runs. Ids are hashes, which stand
-- anywhere in a table; but the rows of a run stand together, so that the ids of all others need not be read.
select
    'queries' as step, candidate_id, run_id, made_at as at, refused_reason, refused_detail, null::varchar as reason, model,
    null::boolean as passed, null::varchar as verdict
from queries
where run_id in (select unnest($run_ids)) and list_contains($candidate_ids, candidate_id)
union all
select
    'reasoning_drafts' as step, candidate_id, run_id, made_at as at, refused_reason, refused_detail, null::varchar as reason, model,
    null::boolean as passed, null::varchar as verdict
from reasoning_drafts
where run_id in (select unnest($run_ids)) and list_contains($candidate_ids, candidate_id)
union all
select
    'answers' as step, candidate_id, run_id, made_at as at, refused_reason, refused_detail, null::varchar as reason, model,
    null::boolean as passed, null::varchar as verdict
from answers
where run_id in (select unnest($run_ids)) and list_contains($candidate_ids, candidate_id)
union all
select
    'quality_scores' as step, candidate_id, run_id, made_at as at, case when not passed then reason end as refused_reason,
    null::varchar as refused_detail, reason, null::varchar as model, passed, null::varchar as verdict
from quality_scores
where run_id in (select unnest($run_ids)) and list_contains($candidate_ids, candidate_id)
union all
select
    'contamination' as step, candidate_id, run_id, judged_at as at, reason as refused_reason, null::varchar as refused_detail, reason,
    null::varchar as model, passed, null::varchar as verdict
from contamination
where run_id in (select unnest($run_ids)) and list_contains($candidate_ids, candidate_id)
union all
select
    'duplicates' as step, candidate_id, run_id, decided_at as at, null::varchar as refused_reason, null::varchar as refused_detail,
    null::varchar as reason, null::varchar as model, null::boolean as passed, verdict
from duplicates
where run_id in (select unnest($run_ids)) and list_contains($candidate_ids, candidate_id)
