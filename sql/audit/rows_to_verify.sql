-- Of every cell some samples, the same each time while there are no new ones, to be verified by code once more.
select candidate_id, c.exercise, c.language, c.exercise_version
from samples as s
join candidates as c using (candidate_id)
qualify row_number() over (partition by c.exercise, c.language order by candidate_id) <= $most
