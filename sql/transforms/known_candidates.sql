-- Which of these candidates are planned already; one in 2**24 of the others stands among them.
select candidate_id
from candidates
where candidate_key in (
    select (md5_number_lower(id[:16]) // 1099511627776)::integer
    from (select unnest($candidate_ids) as id)
)
