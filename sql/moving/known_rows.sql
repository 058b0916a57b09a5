-- Which of the rows that come in a table has already, by its first column.
select {columns} from incoming semi join {table} using ({columns})
