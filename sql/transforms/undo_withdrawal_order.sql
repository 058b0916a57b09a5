-- An order stands no longer.
update withdrawal_orders
set undone_at = now(), undone_because = $reason
where order_id = $order_id and undone_at is null
