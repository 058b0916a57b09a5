-- How many candidates of the cell wait in the work list of judgements, by shard: the first two hex digits of their ids.
-- The conditions are those of open_judgements.sql.
select left(c.candidate_id, 2) as shard, count(*) as open
from candidates as c
join answers as a using (candidate_id)
anti join judgements as t using (candidate_id)
anti join withdrawals as w using (candidate_id)
where
    c.exercise = $exercise
    and c.language = $language
    and a.refused_reason is null
    and md5_number_lower(c.candidate_id) < $judge_share * 18446744073709551616.0::double
group by shard
order by shard
