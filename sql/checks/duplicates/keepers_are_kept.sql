-- Every duplicate names a keeper of its family that is itself kept.
select d.candidate_id, d.keeper_id
from duplicates as d
left join duplicates as k on k.candidate_id = d.keeper_id
where d.verdict = 'duplicate' and (k.verdict is distinct from 'kept' or k.family is distinct from d.family)
