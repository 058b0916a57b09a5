-- Verdicts that were set aside and stand again, because their keeper is accepted again, with the state their candidate is
-- in meanwhile; of two the earlier.
select r.candidate_id, r.keeper_id, s.state
from orphaned_duplicates as r
join candidate_states as k on k.candidate_id = r.keeper_id and k.state = 'accepted'
join candidate_states as s on s.candidate_id = r.candidate_id
qualify row_number() over (partition by r.candidate_id order by r.set_aside_at, r.keeper_id) = 1
order by r.candidate_id
