-- What a run did, by step and cell: how many candidates it took that step.
select step, exercise, language, count(*) as rows, min(made) as first_made, max(made) as last_made
from (
    select 'candidates' as step, 1 as place, exercise, language, planned_at as made from candidates where run_id = $run_id
    union all select 'queries', 2, exercise, language, made_at from queries where run_id = $run_id
    union all select 'reasoning_drafts', 3, exercise, language, made_at from reasoning_drafts where run_id = $run_id
    union all select 'answers', 4, exercise, language, made_at from answers where run_id = $run_id
    union all select 'judgements', 5, exercise, language, made_at from judgements where run_id = $run_id
    union all select 'quality_scores', 6, exercise, language, made_at from quality_scores where run_id = $run_id
    union all select 'contamination', 7, exercise, language, judged_at from contamination where run_id = $run_id
    union all select 'duplicates', 8, exercise, language, decided_at from duplicates where run_id = $run_id
    union all select 'samples', 9, cell, language, sampled_at from samples where run_id = $run_id
)
group by step, place, exercise, language
order by place, exercise, language
