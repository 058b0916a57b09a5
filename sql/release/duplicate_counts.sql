-- Duplicates that were left out, by family, method and similarity in steps of 0.01.
select
    u.family,
    coalesce(u.method, 'not stated') as method,
    floor(coalesce(u.similarity, 1) * 100 + 1e-6) / 100 as similarity,
    count(*) as candidates
from duplicates as u
join candidate_states as state on state.candidate_id = u.candidate_id and state.state = 'duplicate'
group by 1, 2, 3
order by 1, 2, 3
