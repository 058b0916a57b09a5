-- How many rows a table has, and what the hashes of its rows come to, whatever their order.
select
    count(*) as rows,
    coalesce(bit_xor(row_hash), 0) as xored,
    coalesce(sum(row_hash), 0) as summed
from (select hash({columns}) as row_hash from {table})
