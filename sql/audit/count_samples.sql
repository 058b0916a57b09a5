-- Rows of samples, in all and in one cell.
select count(*) as rows, count(*) filter (cell = $exercise and language = $language) as cell_rows
from samples
