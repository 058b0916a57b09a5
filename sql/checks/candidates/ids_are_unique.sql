-- No two rows of candidates bear one id.
select candidate_id, count(*) as rows
from candidates
group by candidate_id
having count(*) > 1
