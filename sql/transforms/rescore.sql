-- Composite, verdict and reason of the judged rows of a cell that bear another mark than $weighed_by, from their stored
-- scores, under other weights and another threshold. As `rescore` in quality/verdict.py does it for a row; rows whose
-- figures stay are not written. $weights is a JSON object, scorer -> weight; a score without one (the rewards) has no part
-- in the composite.
update quality_scores
set composite = v.composite, passed = v.reason is null, reason = v.reason
from (
    with read as (
        select
            candidate_id,
            from_json(
                scores, '[{"name": "VARCHAR", "value": "DOUBLE", "passed": "BOOLEAN", "reason": "VARCHAR"}]'
            ) as scores
        from quality_scores
        where exercise = $exercise and language = $language and weighed_by <> $weighed_by
    ),

    sums as (
        select
            candidate_id,
            list_filter(scores, lambda each: not each.passed)[1].reason as failed,
            list_sum(list_transform(scores, lambda each: coalesce(w.by_name[each.name], 0))) as total,
            list_sum(
                list_transform(
                    scores, lambda each: if(each.passed, each.value * coalesce(w.by_name[each.name], 0), 0)
                )
            ) as weighted
        from read, (select from_json($weights::json, '"MAP(VARCHAR, DOUBLE)"') as by_name) as w
    ),

    figures as (
        select candidate_id, failed, if(coalesce(total, 0) > 0, round(weighted / total, 9), 1) as composite
        from sums
    )

    select
        candidate_id,
        composite,
        coalesce(failed, if(composite < $threshold, 'composite', null)) as reason
    from figures
) as v
where
    quality_scores.candidate_id = v.candidate_id
    and (quality_scores.composite is distinct from v.composite or quality_scores.reason is distinct from v.reason)
