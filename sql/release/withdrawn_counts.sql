-- How many candidates were withdrawn for which reason; one with two reasons counts once.
select reason, count(*) as candidates
from (select candidate_id, min(reason) as reason from withdrawals group by candidate_id)
join candidate_states as s using (candidate_id)
where s.state = 'withdrawn'
group by reason
order by candidates desc, reason
