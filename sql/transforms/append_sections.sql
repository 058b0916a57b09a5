-- New rows of sections, in their order.
insert into sections by name
select * replace (md5_number_lower(section_id) // 2 as section_key)
from incoming
