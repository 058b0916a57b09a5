-- Rows of a family that were kept and have no signature for this threshold: kept before rows were compared by words, or at
-- another threshold. Whether they stand, `standing` says.
select u.candidate_id, u.exercise
from duplicates as u
anti join (
    select candidate_id from lexical_signatures where threshold = $threshold and language = $language
) as l using (candidate_id)
where u.family = $family and u.language = $language and u.verdict = 'kept'
order by u.exercise, u.candidate_id
