-- The articles at these places of the table. The two bounds keep the rest of it from being read.
select *
from seed_corpus
where rowid between $first and $last and rowid in (select unnest($places))
order by rowid
