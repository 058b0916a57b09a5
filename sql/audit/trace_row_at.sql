-- The row at this place of a table, found in the same reading; who runs it puts in the table and its columns.
select {columns}
from {table}
where rowid = $place
