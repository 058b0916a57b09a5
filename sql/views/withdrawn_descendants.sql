-- One row per candidate and standing order that it descends from: by its section, by a neighbour, or because it is named.
create or replace view withdrawn_descendants as
select c.candidate_id, c.exercise, c.language, w.order_id
from candidates as c
join withdrawn_sections as w on w.section_id = c.section_id
union
select c.candidate_id, c.exercise, c.language, w.order_id
from (select candidate_id, exercise, language, unnest(neighbour_ids) as section_id from candidates) as c
join withdrawn_sections as w on w.section_id = c.section_id
union
select c.candidate_id, c.exercise, c.language, o.order_id
from withdrawal_orders as o
join candidates as c on c.candidate_id = o.value
where o.scope = 'candidate' and o.undone_at is null
