-- The work list of duplicates, best first: candidates of the cell that passed all before it and have no verdict yet.
select c.candidate_id, s.composite, c.replaces
from candidate_states as c
join (
    from quality_scores
    where made_at >= coalesce(if(getvariable('live'), getvariable('rows_since'), null), '-infinity'::timestamptz)
) as s using (candidate_id)
where c.exercise = $exercise and c.language = $language and c.state = 'open'
order by s.composite desc, c.candidate_id
