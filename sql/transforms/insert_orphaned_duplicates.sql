-- New rows of orphaned_duplicates; rows that are there already stay as they are.
insert into orphaned_duplicates by name
select * replace ((md5_number_lower(candidate_id[:16]) // 1099511627776)::integer as candidate_key)
from incoming anti join orphaned_duplicates using (candidate_id, keeper_id)
