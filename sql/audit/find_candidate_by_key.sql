-- The candidates whose id begins with these 16 letters or more, and one in 2**24 of the others.
select * exclude (section_key)
from candidates
where candidate_key = (md5_number_lower($beginning[:16]) // 1099511627776)::integer
