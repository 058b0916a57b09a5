-- How many candidates were judged, in all.
select count(*) filter (total is not null) as judged
from judgements
