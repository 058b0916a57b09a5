-- How many candidates of each cell ended in each state.
select
    exercise,
    language,
    count(*) filter (state = 'accepted') as accepted,
    count(*) filter (state = 'refused') as refused,
    count(*) filter (state = 'duplicate') as duplicate,
    count(*) filter (state = 'superseded') as superseded,
    count(*) filter (state = 'withdrawn') as withdrawn,
    count(*) filter (state = 'open') as open
from candidate_states
group by exercise, language
order by exercise, language
