-- One page of the candidates that a search finds, newest first.
select c.candidate_id, c.planned_at
from candidates as c
where
    ($exercise is null or c.exercise = $exercise)
    and ($language is null or c.language = $language)
    and ($run_id is null or c.run_id = $run_id)
    and ($seed_id is null or c.section_id in (select section_id from sections where seed_id = $seed_id))
    and (not $by_text or c.candidate_id in (select candidate_id from found where kind = 'text'))
    and (not $by_state or c.candidate_id in (select candidate_id from found where kind = 'state'))
    and (not $by_score or c.candidate_id in (select candidate_id from found where kind = 'score'))
order by c.planned_at desc, c.candidate_id
limit $rows offset $skip
