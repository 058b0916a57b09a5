-- The work list of quality_scores: answered candidates of the cell that are not judged yet.
select a.candidate_id
from answers as a
anti join quality_scores as t using (candidate_id)
anti join withdrawals as w using (candidate_id)
where a.exercise = $exercise and a.language = $language and a.refused_reason is null
order by a.candidate_id
