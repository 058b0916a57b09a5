-- The folded calls of some candidates, which all stand in these batches; of one step its answered ones, or all.
select {columns}
from call_segments
where
    batch in ({batches})
    and candidate_id between $first and $last
    and candidate_id in (select unnest($candidate_ids))
    and ($step is null or (step = $step and error is null))
