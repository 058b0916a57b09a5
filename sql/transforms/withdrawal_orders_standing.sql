-- The standing order about one thing, if there is one.
select order_id, scope, value, reason, ordered_at
from withdrawal_orders
where scope = $scope and value = $value and undone_at is null
