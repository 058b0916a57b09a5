-- The numbers by which rows that name these ids are found; good for one reading, as DuckDB may change its hash.
select (hash(id) >> 33)::integer as number
from (select unnest($ids::varchar[]) as id)
