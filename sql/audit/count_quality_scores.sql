-- Rows of quality_scores, in all and in one cell.
select count(*) as rows, count(*) filter (exercise = $exercise and language = $language) as cell_rows
from quality_scores
