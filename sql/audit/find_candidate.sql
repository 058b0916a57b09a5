-- The candidates that a sample id, a candidate id or the beginning of one names.
select c.candidate_id
from candidates as c
where
    c.exercise || '_' || c.language || '_' || c.candidate_id[:16] = $name
    or starts_with(c.candidate_id, $name)
order by c.candidate_id
limit 2
