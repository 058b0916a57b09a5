-- The candidates in a state, or refused for a reason. It says what the view `candidate_states` says, by the few rows that
-- make a candidate refused, a duplicate, superseded or withdrawn, where the view joins every row of seven tables.
insert into found
with
withdrawn as (
    select distinct candidate_id from withdrawals
),
refusals as (
    select candidate_id, 1 as place, refused_reason as reason from queries where refused_reason is not null
    union all
    select candidate_id, 2, refused_reason from reasoning_drafts where refused_reason is not null
    union all
    select candidate_id, 3, refused_reason from answers where refused_reason is not null
    union all
    select candidate_id, 4, reason from quality_scores where not passed and reason is not null
    union all
    select candidate_id, 5, reason from contamination where reason is not null
),
refused as (
    select candidate_id, arg_min(reason, place) as reason from refusals group by candidate_id
),
replaced as (
    select distinct c.replaces as candidate_id
    from candidates as c
    semi join (select candidate_id from duplicates where verdict = 'kept') as k using (candidate_id)
    anti join refused as r using (candidate_id)
    where c.replaces is not null
)
select 'state', candidate_id
from withdrawn
where $state = 'withdrawn' and $reason is null
union all
select 'state', candidate_id
from replaced
anti join withdrawn using (candidate_id)
where $state = 'superseded' and $reason is null
union all
select 'state', candidate_id
from refused
anti join withdrawn using (candidate_id)
anti join replaced using (candidate_id)
where $state = 'refused' and ($reason is null or reason = $reason)
union all
select 'state', candidate_id
from duplicates
anti join withdrawn using (candidate_id)
anti join replaced using (candidate_id)
anti join refused using (candidate_id)
where
    $state in ('accepted', 'duplicate') and $reason is null
    and verdict = if($state = 'accepted', 'kept', 'duplicate')
union all
select 'state', candidate_id
from candidates
anti join withdrawn using (candidate_id)
anti join replaced using (candidate_id)
anti join refused using (candidate_id)
anti join duplicates using (candidate_id)
where $state = 'open' and $reason is null
