-- The candidates of a cell that were kept; whether they stand, `standing` says.
select candidate_id
from duplicates
where exercise = $exercise and language = $language and verdict = 'kept'
order by candidate_id
