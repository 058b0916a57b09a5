-- Every order that was ever given, in the order of their giving.
select order_id, scope, value, reason, ordered_at, ordered_by, undone_at, undone_because
from withdrawal_orders
order by ordered_at, order_id
