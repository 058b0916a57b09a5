-- Refused candidates of each cell by reason and the stage that refused them.
select exercise, language, refused_at, refused_reason, count(*) as candidates
from candidate_states
where state = 'refused'
group by exercise, language, refused_at, refused_reason
order by exercise, language, candidates desc, refused_reason
