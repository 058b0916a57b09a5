-- Sections that are copies of kept ones.
update sections
set refused_reason = found.reason, copy_of = found.copy_of, signature = null
from (select unnest($section_ids) as section_id, unnest($reasons) as reason, unnest($copies_of) as copy_of) as found
where sections.section_id = found.section_id
