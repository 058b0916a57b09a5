-- The next pass over each source that the cell has drawn from with this seed.
select source, max(pass) + 1 as next_pass
from candidates
where exercise = $exercise and language = $language and seed = $seed
group by source
