-- How many candidates of a language were kept and are accepted no longer.
select cast(coalesce(sum(candidates), 0) as bigint) as gone
from cell_groups
where language = $language and verdict = 'kept' and state <> 'accepted'
