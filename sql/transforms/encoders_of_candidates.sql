-- The encoders that have read these candidates, the one that has read most of them first.
select encoder, max(len(vector)) as dimensions, count(*) as candidates
from embeddings
where candidate_id in (select unnest($candidate_ids))
group by encoder
order by candidates desc, max(made_at) desc, encoder
