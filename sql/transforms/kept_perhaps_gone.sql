-- Candidates that may have been kept and be accepted no longer: what was withdrawn, what something replaces, and what is not
-- settled. A row that was refused after it was kept is never settled (see settle_rounds).
select candidate_id
from withdrawals
union
select replaces
from candidates
where replaces is not null
union
select candidate_id
from candidate_states
where language = $language and verdict = 'kept' and state <> 'accepted'
