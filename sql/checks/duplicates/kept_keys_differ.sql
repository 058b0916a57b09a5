-- No two kept rows of a family and language that stand have one key.
select u.family, u.language, u.key_hash, count(*) as rows
from duplicates as u
join candidate_states as c using (candidate_id)
where u.verdict = 'kept' and c.state = 'accepted'
group by u.family, u.language, u.key_hash
having count(*) > 1
