-- The hash of every row of a table.
select hash({columns}) as row_hash from {table}
