-- New rows of withdrawal_orders; rows that are there already stay as they are.
insert into withdrawal_orders by name
select * from incoming anti join withdrawal_orders using (order_id)
