-- Every row of queries has its row in candidates.
select queries.candidate_id
from queries
anti join candidates using (candidate_id)
