-- The rows of contamination in one cell, those that were refused first, the newest first.
select candidate_id[:12] as candidate, passed, benchmark, item, round(overlap, 3) as overlap, method
from contamination
where exercise = $exercise and language = $language
order by passed, judged_at desc, candidate_id
limit $rows
