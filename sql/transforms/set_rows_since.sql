-- Notes in the variable `rows_since` since when rows of what was planned since `open_since` may have been made.
set variable rows_since = (select getvariable('open_since') - interval 1 day)
