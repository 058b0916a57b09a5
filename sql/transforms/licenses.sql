-- The licence and the article revision of the sections that these candidates draw on.
select distinct s.section_id, s.license, s.seed_id
from candidates as c
join sections as s using (section_id)
where c.candidate_id in (select unnest($candidate_ids))
