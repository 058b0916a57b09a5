-- The candidates of one section, in the order of planning; one in 2**64 of another section stands among them.
select *
from candidates
where section_key = md5_number_lower($section_id) // 2
order by planned_at, pass, candidate_id
