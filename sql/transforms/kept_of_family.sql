-- Kept rows of a family that stand, and whether this encoder has read them.
select u.candidate_id, e.candidate_id is not null as has_vector
from duplicates as u
join candidate_states as c using (candidate_id)
left join (select candidate_id from embeddings where encoder = $encoder) as e using (candidate_id)
where u.family = $family and u.language = $language and u.verdict = 'kept' and c.state = 'accepted'
order by u.candidate_id
