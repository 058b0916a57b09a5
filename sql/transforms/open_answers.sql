-- A page of the work list of answers: candidates of the cell that passed reasoning_drafts and have not come this far yet.
select c.candidate_id, c.round, c.pass, count(*) over () as found
from candidates as c
join reasoning_drafts as p using (candidate_id)
anti join answers as t using (candidate_id)
anti join withdrawals as w using (candidate_id)
where c.exercise = $exercise and c.language = $language and p.refused_reason is null
    and (c.round, c.pass, c.candidate_id) > ($round, $pass, $candidate_id)
order by c.round, c.pass, c.candidate_id
limit $most
