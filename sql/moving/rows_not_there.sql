-- The rows of a table whose hash is not among those of `there`.
select {selected}
from {table}
where hash({columns}) not in (select row_hash from there)
