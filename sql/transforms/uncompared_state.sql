-- How many sections of current articles wait to be compared, and a sum of their ids in whatever order.
select count(*) as sections, cast(bit_xor(md5_number_lower(s.section_id)) as varchar) as state
from sections as s
join seed_corpus as a using (seed_id)
where a.is_current and s.refused_reason = 'not_compared'
