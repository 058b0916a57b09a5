-- Puts verdicts that were set aside back in their place.
insert into duplicates by name
select r.* exclude (set_aside_at)
from orphaned_duplicates as r
join (select unnest($candidate_ids) as candidate_id, unnest($keeper_ids) as keeper_id) as wanted
    using (candidate_id, keeper_id)
