-- The work list of embeddings: answered candidates of the cell that have no vector by this encoder.
select a.candidate_id
from answers as a
anti join (select candidate_id from embeddings where encoder = $encoder) as t using (candidate_id)
anti join withdrawals as w using (candidate_id)
where a.exercise = $exercise and a.language = $language and a.refused_reason is null
order by a.candidate_id
