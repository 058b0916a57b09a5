-- A new table of the lake without the row that it had for a moment.
delete from {table} where {mark} = ''
