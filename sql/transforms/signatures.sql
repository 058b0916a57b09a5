-- The kept sections of current articles, by their places in the table; a copy of what is withdrawn may stand in its place.
select s.rowid as place, s.section_id
from sections as s
join seed_corpus as a using (seed_id)
anti join withdrawn_sections as w on w.section_id = s.section_id
where a.is_current and s.signature is not null and s.refused_reason is null
order by s.rowid
