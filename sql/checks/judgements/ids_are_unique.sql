-- No two rows of judgements bear one id.
select candidate_id, count(*) as rows
from judgements
group by candidate_id
having count(*) > 1
