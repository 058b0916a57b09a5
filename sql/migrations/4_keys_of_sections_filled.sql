-- Layout 4: and so do those that were planned before.
update candidates
set section_key = md5_number_lower(section_id) // 2
where section_id is not null
