-- Rows of seed_corpus; the table has no cells.
select count(*) as rows, count(*) filter ($exercise = $language) as cell_rows
from seed_corpus
