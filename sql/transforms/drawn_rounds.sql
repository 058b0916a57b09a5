-- Settled rounds of which a judge of this share is to see some candidates of one kind and others not.
select distinct exercise, language, round
from settled_rounds
where not is_seen and scorer_version is not null and least_draw < $judge_share and greatest_draw >= $judge_share
order by exercise, language, round
