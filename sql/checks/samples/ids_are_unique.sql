-- No two rows of samples bear one id.
-- blocking
select candidate_id, count(*) as rows
from samples
group by candidate_id
having count(*) > 1
