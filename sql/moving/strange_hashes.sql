-- How many of the hashes of `there` no row of a table has.
select count(*) as rows
from there
anti join (select hash({columns}) as row_hash from {table}) as own using (row_hash)
