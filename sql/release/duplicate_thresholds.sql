-- The cosine at and above which rows of each exercise were called duplicates, where one was compared by embedding.
select exercise, max(threshold) as threshold
from duplicates
where exercise in (select exercise from embeddings)
group by exercise
order by exercise
