-- No two rows of contamination bear one id.
select candidate_id, count(*) as rows
from contamination
group by candidate_id
having count(*) > 1
