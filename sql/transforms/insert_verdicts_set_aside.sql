-- Sets aside the verdicts of a family's duplicates whose keeper was withdrawn, before they are decided anew.
insert into orphaned_duplicates by name
select d.*, now() as set_aside_at
from duplicates as d
join candidate_states as k on k.candidate_id = d.keeper_id
anti join orphaned_duplicates as known on known.candidate_id = d.candidate_id and known.keeper_id = d.keeper_id
where d.family = $family and d.language = $language and d.verdict = 'duplicate' and k.state = 'withdrawn'
