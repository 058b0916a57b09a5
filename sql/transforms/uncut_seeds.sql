-- The work list of sections: current articles that are not cut yet, where they stand in the table and how long they are.
select s.rowid as place, s.seed_id, coalesce(s.characters, 20000) as characters
from seed_corpus as s
anti join sections as t using (seed_id)
where s.is_current
order by s.rowid
