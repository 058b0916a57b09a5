-- How many sections of each collection a standing order takes out.
select s.collection, count(distinct s.section_id) as sections
from withdrawn_sections as w
join sections as s using (section_id)
where w.order_id = $order_id
group by s.collection
order by s.collection
