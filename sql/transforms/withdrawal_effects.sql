-- What a standing order reaches in each cell, by the state that candidates are in, and those of them that were kept.
select
    d.exercise,
    d.language,
    s.state,
    count(*) as candidates,
    coalesce(list(d.candidate_id order by d.candidate_id) filter (s.verdict = 'kept'), []) as kept
from withdrawn_descendants as d
join candidate_states as s using (candidate_id)
where d.order_id = $order_id
group by d.exercise, d.language, s.state
order by d.exercise, d.language, s.state
