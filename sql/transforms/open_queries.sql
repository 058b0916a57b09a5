-- A page of the work list of queries: candidates of the cell that have not come this far yet.
select c.candidate_id, c.round, c.pass, count(*) over () as found
from candidates as c
anti join queries as t using (candidate_id)
anti join withdrawals as w using (candidate_id)
where c.exercise = $exercise and c.language = $language
    and (c.round, c.pass, c.candidate_id) > ($round, $pass, $candidate_id)
order by c.round, c.pass, c.candidate_id
limit $most
