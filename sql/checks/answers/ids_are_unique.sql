-- No two rows of answers bear one id.
select candidate_id, count(*) as rows
from answers
group by candidate_id
having count(*) > 1
