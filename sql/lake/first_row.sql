-- The row that a new table of the lake has for a moment; its first text is empty, which that of no other row is.
insert into {table} by name select {values}
