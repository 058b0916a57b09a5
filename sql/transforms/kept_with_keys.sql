-- Rows of a family that were kept, of which the key is one of these; whether they stand, `standing` says.
select candidate_id, key_hash
from duplicates
where
    family = $family
    and language = $language
    and verdict = 'kept'
    and key_hash in (select unnest($key_hashes))
order by candidate_id
