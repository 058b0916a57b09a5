-- Marks what was planned in a cell while an order was being given, and descends from what it takes out.
insert into withdrawals by name
select d.candidate_id, o.reason, now() as withdrawn_at, d.order_id
from withdrawn_descendants as d
join withdrawal_orders as o using (order_id)
anti join withdrawals as known on known.candidate_id = d.candidate_id and known.order_id = d.order_id
where d.exercise = $exercise and d.language = $language
