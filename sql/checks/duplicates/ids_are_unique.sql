-- No two rows of duplicates bear one id.
select candidate_id, count(*) as rows
from duplicates
group by candidate_id
having count(*) > 1
