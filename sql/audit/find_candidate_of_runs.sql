-- One candidate by its id, if one of these runs planned it, between two moments where these are given.
select *
from candidates
where
    planned_at between coalesce($since, '-infinity'::timestamptz) and coalesce($until, 'infinity'::timestamptz)
    and run_id in (select unnest($run_ids))
    and candidate_id = $candidate_id
