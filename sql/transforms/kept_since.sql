-- A row of a family that stands and was kept since a time, but for these candidates, if there is one.
select u.candidate_id
from duplicates as u
join candidate_states as c using (candidate_id)
where
    u.family = $family
    and u.language = $language
    and u.verdict = 'kept'
    and c.state = 'accepted'
    and u.decided_at >= $since
    and u.candidate_id not in (select unnest($candidate_ids))
limit 1
