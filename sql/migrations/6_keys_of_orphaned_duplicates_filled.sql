-- Layout 6: and so do those that were written before.
update orphaned_duplicates
set candidate_key = (md5_number_lower(candidate_id[:16]) // 1099511627776)::integer
