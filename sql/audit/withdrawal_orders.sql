-- Every standing order, the last one first.
select scope, value, reason, ordered_at
from withdrawal_orders
where undone_at is null
order by ordered_at desc, order_id
