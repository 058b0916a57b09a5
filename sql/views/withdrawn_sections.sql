-- One row per section and standing order that takes it out of the dataset. An address stands for all revisions of the
-- article, a licence for all articles under it, a section for its text in all revisions of its article.
create or replace view withdrawn_sections as
with standing as (
    select order_id, scope, value
    from withdrawal_orders
    where undone_at is null
)
select s.section_id, o.order_id
from standing as o
join seed_corpus as a on a.url = o.value
join sections as s using (seed_id)
where o.scope = 'url'
union all
select s.section_id, o.order_id
from standing as o
join sections as s on s.seed_id = o.value
where o.scope = 'seed'
union all
select s.section_id, o.order_id
from standing as o
join seed_corpus as a on lower(a.license) = lower(o.value)
join sections as s using (seed_id)
where o.scope = 'licence'
union all
select s.section_id, o.order_id
from standing as o
join sections as named on named.section_id = o.value
join seed_corpus as then_ on then_.seed_id = named.seed_id
join seed_corpus as a on a.url = then_.url
join sections as s on s.seed_id = a.seed_id and s.content_hash = named.content_hash
where o.scope = 'section'
