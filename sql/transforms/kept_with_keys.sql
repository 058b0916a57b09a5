-- Kept rows of a family that stand, of which the key is one of these.
select u.candidate_id, u.key_hash
from duplicates as u
join candidate_states as c using (candidate_id)
where
    u.family = $family
    and u.language = $language
    and u.verdict = 'kept'
    and c.state = 'accepted'
    and u.key_hash in (select unnest($key_hashes))
order by u.candidate_id
