-- Puts the mark of weights and threshold on every judged row of the cell; what it says of them stands there by now.
update quality_scores
set weighed_by = $weighed_by
where exercise = $exercise and language = $language and weighed_by <> $weighed_by
