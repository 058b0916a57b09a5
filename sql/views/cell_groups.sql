-- The state_groups of all candidates: where those are live, with what is settled.
create or replace view cell_groups as
select * exclude (settled_at), true as is_settled
from settled_rounds
where coalesce(getvariable('live'), false)
union all by name
select *, false as is_settled
from state_groups
