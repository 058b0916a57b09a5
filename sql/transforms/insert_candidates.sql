-- New rows of candidates; rows that are there already stay as they are. They are looked for by their numbers, because to
-- join all candidates would read every id.
insert into candidates by name
with numbered as (
    select * replace (
        (md5_number_lower(candidate_id[:16]) // 1099511627776)::integer as candidate_key,
        md5_number_lower(section_id) // 2 as section_key
    )
    from incoming
)
select *
from numbered
anti join (
    select candidate_id
    from candidates
    where candidate_key in (select candidate_key from numbered)
) as there using (candidate_id)
