-- Which of these candidates are planned already.
select candidate_id
from candidates
where candidate_id in (select unnest($candidate_ids))
