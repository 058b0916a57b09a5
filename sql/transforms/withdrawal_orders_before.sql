-- The orders about one thing that were undone.
select order_id
from withdrawal_orders
where scope = $scope and value = $value and undone_at is not null
