-- The sections of current articles that were cut and not compared with the others yet, by their places in the table.
select s.rowid as place
from sections as s
join seed_corpus as a using (seed_id)
where a.is_current and s.refused_reason = 'not_compared'
order by s.rowid
