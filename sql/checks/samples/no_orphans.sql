-- Every row of samples has its row in duplicates.
select samples.candidate_id
from samples
anti join duplicates using (candidate_id)
