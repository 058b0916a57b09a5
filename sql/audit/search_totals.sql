-- How many candidates of each cell are planned, refused for each reason, duplicates, accepted, superseded and
-- withdrawn; what is left of the planned is open. By few rows, as search_by_state.
with
withdrawn as (
    select distinct candidate_id from withdrawals
),
refusals as (
    select candidate_id, exercise, language, 1 as place, refused_reason as reason
    from queries
    where refused_reason is not null
    union all
    select candidate_id, exercise, language, 2, refused_reason from reasoning_drafts where refused_reason is not null
    union all
    select candidate_id, exercise, language, 3, refused_reason from answers where refused_reason is not null
    union all
    select candidate_id, exercise, language, 4, reason from quality_scores where not passed and reason is not null
    union all
    select candidate_id, exercise, language, 5, reason from contamination where reason is not null
),
refused as (
    select candidate_id, any_value(exercise) as exercise, any_value(language) as language, arg_min(reason, place) as reason
    from refusals
    group by candidate_id
),
replaced as (
    select distinct c.replaces as candidate_id
    from candidates as c
    semi join (select candidate_id from duplicates where verdict = 'kept') as k using (candidate_id)
    anti join refused as r using (candidate_id)
    where c.replaces is not null
)
select exercise, language, 'planned' as state, null as reason, count(*) as candidates
from candidates
group by all
union all
select exercise, language, 'refused', reason, count(*)
from refused
anti join withdrawn using (candidate_id)
anti join replaced using (candidate_id)
group by all
union all
select exercise, language, if(verdict = 'kept', 'accepted', 'duplicate') as state, null as reason, count(*)
from duplicates
anti join withdrawn using (candidate_id)
anti join replaced using (candidate_id)
anti join refused using (candidate_id)
group by all
union all
select exercise, language, 'superseded', null, count(*)
from candidates
semi join replaced using (candidate_id)
anti join withdrawn using (candidate_id)
group by all
union all
select exercise, language, 'withdrawn', null, count(*)
from candidates
semi join withdrawn using (candidate_id)
group by all
order by exercise, language, state, reason
