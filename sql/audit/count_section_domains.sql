-- Rows of section_domains; the table has no cells.
select count(*) as rows, count(*) filter ($exercise = $language) as cell_rows
from section_domains
