-- What a withdrawal, a replacement or a new refusal has overtaken in a cell: samples accepted no longer, and verdicts
-- without a keeper.
select s.candidate_id
from samples as s
join candidate_states as c using (candidate_id)
where s.cell = $exercise and s.language = $language and c.state <> 'accepted'
union all
select d.candidate_id
from duplicates as d
join candidate_states as k on k.candidate_id = d.keeper_id
where
    d.exercise = $exercise
    and d.language = $language
    and d.verdict = 'duplicate'
    and k.state in ('withdrawn', 'superseded', 'refused')
