-- Kept rows of a family that stand and have no signature for this threshold: kept before rows were compared by words, or
-- at another threshold.
select u.candidate_id, u.exercise
from duplicates as u
join candidate_states as c using (candidate_id)
anti join (select candidate_id from lexical_signatures where threshold = $threshold) as l using (candidate_id)
where u.family = $family and u.language = $language and u.verdict = 'kept' and c.state = 'accepted'
order by u.exercise, u.candidate_id
