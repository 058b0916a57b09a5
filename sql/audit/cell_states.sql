-- How many candidates of each cell are in each state, and how many a program made alone.
select
    exercise,
    language,
    count(*) as planned,
    count(*) filter (state = 'open') as open,
    count(*) filter (state = 'duplicate') as duplicate,
    count(*) filter (state = 'accepted') as accepted,
    count(*) filter (state = 'superseded') as superseded,
    count(*) filter (state = 'withdrawn') as withdrawn,
    count(*) filter (by_program) as by_program,
    count(*) filter (by_program and state = 'accepted') as accepted_by_program,
    count(*) filter (has_answer and not by_program and coalesce(refused_at, '') not in ('queries', 'reasoning_drafts', 'answers'))
        as through_all_steps
from candidate_states
group by exercise, language
order by exercise, language
