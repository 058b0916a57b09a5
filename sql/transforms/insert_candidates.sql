-- New rows of candidates; rows that are there already stay as they are.
insert into candidates by name
select * replace (md5_number_lower(section_id) // 2 as section_key)
from incoming anti join candidates using (candidate_id)
