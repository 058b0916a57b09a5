-- Candidates whose id begins so; two say that it is more than one.
select
    * exclude (section_key),
    rowid as place
from candidates
where starts_with(candidate_id, $beginning)
limit 2
