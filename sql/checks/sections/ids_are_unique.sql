-- No two rows of sections bear one id.
select section_id, count(*) as rows
from sections
group by section_id
having count(*) > 1
