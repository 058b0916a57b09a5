-- One candidate by its id, if one of these runs planned it.
select *
from candidates
where run_id in (select unnest($run_ids)) and candidate_id = $candidate_id
