-- The marks of an order that stands no longer.
delete from withdrawals
where order_id = $order_id
