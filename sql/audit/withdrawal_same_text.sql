-- Articles that hold the text of a section that a standing order takes out, and may be drawn from.
select distinct a.url
from sections as s
join seed_corpus as a using (seed_id)
anti join withdrawn_sections as w on w.section_id = s.section_id
where
    a.is_current
    and s.refused_reason is null
    and s.content_hash in (
        select gone.content_hash
        from withdrawn_sections as x
        join sections as gone using (section_id)
        where x.order_id = $order_id
    )
order by a.url
limit 20
