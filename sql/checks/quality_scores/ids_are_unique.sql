-- No two rows of quality_scores bear one id.
select candidate_id, count(*) as rows
from quality_scores
group by candidate_id
having count(*) > 1
