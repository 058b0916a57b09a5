-- Layout 5: and so do those that were cut before.
update sections
set section_key = md5_number_lower(section_id) // 2
