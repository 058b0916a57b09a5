-- The work list of reasoning_drafts: candidates of the cell that passed queries and have not come this far yet.
select c.candidate_id
from candidates as c
join queries as p using (candidate_id)
anti join reasoning_drafts as t using (candidate_id)
anti join withdrawals as w using (candidate_id)
where c.exercise = $exercise and c.language = $language and p.refused_reason is null
order by c.round, c.pass, c.candidate_id
