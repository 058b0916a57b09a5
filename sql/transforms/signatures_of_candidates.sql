-- The signatures of these candidates.
select candidate_id, signature, shingles
from lexical_signatures
where candidate_id in (select unnest($candidate_ids))
order by candidate_id
