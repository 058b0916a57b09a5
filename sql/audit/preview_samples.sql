-- The newest rows of samples in one cell.
select synth_id, query, synthetic_answer, model, round(quality, 3) as quality
from samples
where cell = $exercise and language = $language
order by sampled_at desc, synth_id
limit $rows
