-- No candidate has two rows of embeddings by one encoder.
select candidate_id, encoder, count(*) as rows
from embeddings
group by candidate_id, encoder
having count(*) > 1
