-- A judged row of the cell that bears another mark of weights and threshold, if there is one.
select candidate_id
from quality_scores
where exercise = $exercise and language = $language and weighed_by <> $weighed_by
limit 1
