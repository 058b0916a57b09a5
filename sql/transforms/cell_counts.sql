-- How many candidates of a cell are in each state, and the number of its last round.
select
    (select coalesce(max(round), 0) from rounds where exercise = $exercise and language = $language) as last_round,
    count(*) as planned,
    count(*) filter (state = 'open') as open,
    count(*) filter (state = 'refused') as refused,
    count(*) filter (state = 'duplicate') as duplicate,
    count(*) filter (state = 'accepted') as accepted
from candidate_states
where exercise = $exercise and language = $language
