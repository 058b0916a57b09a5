-- No two rows of lexical_signatures bear one id, and no two of chunk_embeddings one stretch of a text.
select candidate_id, 'lexical_signatures' as twice_in, count(*) as rows
from lexical_signatures
group by candidate_id
having count(*) > 1
union all
select candidate_id, 'chunk_embeddings' as twice_in, count(*) as rows
from chunk_embeddings
group by candidate_id, encoder, chunk
having count(*) > 1
