-- Every row of embeddings has its row in answers, which was not refused. What lacks a vector is found by counting both.
select embeddings.candidate_id
from embeddings
anti join (select candidate_id from answers where refused_reason is null) as a using (candidate_id)
