-- The folded calls of the candidates whose id begins so, which all stand in these batches.
select * exclude (batch)
from call_segments
where
    batch in ({batches})
    and candidate_id between $first and $last
    and starts_with(candidate_id, $first)
