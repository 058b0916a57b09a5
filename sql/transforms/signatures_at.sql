-- The signatures of the sections at these places of the table. The two bounds keep the rest of it from being read.
select section_id, seed_language, signature
from sections
where rowid between $first and $last and rowid in (select unnest($places)) and signature is not null
order by rowid
