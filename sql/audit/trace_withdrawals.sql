-- The standing orders that take one candidate out of the dataset, oldest first.
select w.reason, w.withdrawn_at, w.order_id, o.scope, o.value, o.ordered_by
from withdrawals as w
left join withdrawal_orders as o using (order_id)
where w.candidate_id = $candidate_id
order by w.withdrawn_at, w.order_id
