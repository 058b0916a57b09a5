-- The number that each row of a table bears, in the order of their places, with these where they are asked for; who runs
-- it puts in the table, the number and the place.
select {number} as number{place}
from {table}
