-- Every refused row of contamination names benchmark, item and overlap, and a row that passed names none.
select candidate_id, passed, benchmark, item, overlap
from contamination
where
    passed <> (reason is null)
    or passed <> (benchmark is null)
    or passed <> (item is null)
    or passed <> (overlap is null)
