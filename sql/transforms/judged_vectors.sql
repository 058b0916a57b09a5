-- Every judged candidate that has a vector by this encoder, with its points.
select
    j.candidate_id,
    j.total,
    e.key_hash,
    e.vector
from judgements as j
join embeddings as e using (candidate_id)
anti join withdrawals as w using (candidate_id)
where e.encoder = $encoder and j.total is not null
order by j.candidate_id
