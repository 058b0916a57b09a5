-- Candidates by their ids.
select *
from candidates
where candidate_id in (select unnest($candidate_ids))
order by planned_at, candidate_id
