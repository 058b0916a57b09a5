-- New rows of sections; rows that are there already stay as they are.
insert into sections by name
select * replace (md5_number_lower(section_id) // 2 as section_key)
from incoming
anti join sections using (section_id)
