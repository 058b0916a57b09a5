-- These candidates as members of a pool; those withdrawn since it was frozen are shown no more.
select q.candidate_id, q.query, a.answer, a.payload
from queries as q
join answers as a using (candidate_id)
anti join withdrawals as w using (candidate_id)
where q.candidate_id in (select unnest($candidate_ids))
order by q.candidate_id
