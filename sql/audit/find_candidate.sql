-- The candidates whose id begins so, in one cell where it is named; two say that it is more than one. $length is how
-- much of the id the name gives, null where any id that begins so is meant.
select *
from candidates
where
    starts_with(candidate_id, $prefix)
    and ($length is null or candidate_id[:$length] = $prefix)
    and ($exercise is null or exercise = $exercise)
    and ($language is null or language = $language)
limit 2
