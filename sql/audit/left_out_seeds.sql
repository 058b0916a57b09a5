-- How many articles the recipe leaves out, by collection and reason.
select collection, language, split_part(reason, ':', 1) as reason, count(*) as seeds
from left_out_seeds
group by all
order by all
