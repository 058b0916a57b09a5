-- The frozen pools of a cell's rounds.
select round, pool_ids
from rounds
where exercise = $exercise and language = $language and round in (select unnest($rounds))
