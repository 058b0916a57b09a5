-- The candidates whose composite score lies in a range, both ends included.
insert into found
select 'score', candidate_id
from quality_scores
where composite between $least and $most
