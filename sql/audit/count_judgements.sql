-- Rows of judgements, in all and in one cell.
select count(*) as rows, count(*) filter (exercise = $exercise and language = $language) as cell_rows
from judgements
