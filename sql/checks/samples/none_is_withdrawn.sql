-- No sample descends from what a standing order has withdrawn.
select distinct s.synth_id, d.order_id
from samples as s
join withdrawn_descendants as d using (candidate_id)
