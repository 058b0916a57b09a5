-- Candidates by their ids, and one in 2**24 of the others.
select * exclude (section_key)
from candidates
where candidate_key in (
    select (md5_number_lower(id[:16]) // 1099511627776)::integer
    from (select unnest($candidate_ids) as id)
)
order by planned_at, candidate_id
