-- No two rows of queries bear one id.
select candidate_id, count(*) as rows
from queries
group by candidate_id
having count(*) > 1
