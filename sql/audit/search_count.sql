-- How many candidates a search finds, by cell.
select c.exercise, c.language, count(*) as candidates
from candidates as c
where
    ($exercise is null or c.exercise = $exercise)
    and ($language is null or c.language = $language)
    and ($run_id is null or c.run_id = $run_id)
    and ($seed_id is null or c.section_id in (select section_id from sections where seed_id = $seed_id))
    and (not $by_text or c.candidate_id in (select candidate_id from found where kind = 'text'))
    and (not $by_state or c.candidate_id in (select candidate_id from found where kind = 'state'))
    and (not $by_score or c.candidate_id in (select candidate_id from found where kind = 'score'))
group by c.exercise, c.language
order by c.exercise, c.language
