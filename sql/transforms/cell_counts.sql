-- How many candidates of a cell are in each state, and the number of its last round.
select
    (select coalesce(max(round), 0) from rounds where exercise = $exercise and language = $language) as last_round,
    cast(coalesce(sum(candidates), 0) as bigint) as planned,
    cast(coalesce(sum(candidates) filter (state = 'open'), 0) as bigint) as open,
    cast(coalesce(sum(candidates) filter (state = 'refused'), 0) as bigint) as refused,
    cast(coalesce(sum(candidates) filter (state = 'duplicate'), 0) as bigint) as duplicate,
    cast(coalesce(sum(candidates) filter (state = 'accepted'), 0) as bigint) as accepted
from cell_groups
where exercise = $exercise and language = $language
