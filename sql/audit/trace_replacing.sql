-- The candidates that replace one of these.
select *
from candidates
where replaces is not null and replaces in (select unnest($candidate_ids))
order by planned_at, candidate_id
