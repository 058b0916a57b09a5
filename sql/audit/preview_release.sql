-- The newest rows of release; the table has no cells.
select version, samples, folder, released_at
from release
where $exercise is null and $language is null
order by released_at desc
limit $rows
