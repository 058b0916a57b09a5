-- The work list of queries: candidates of the cell that have not come this far yet.
select c.candidate_id
from candidates as c
anti join queries as t using (candidate_id)
anti join withdrawals as w using (candidate_id)
where c.exercise = $exercise and c.language = $language
order by c.round, c.pass, c.candidate_id
