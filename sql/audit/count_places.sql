-- How many rows a table has, and how many places: a row that is gone leaves its own empty. Who runs it puts in the table.
select count(*) as rows, coalesce(max(rowid) + 1, 0) as places
from {table}
