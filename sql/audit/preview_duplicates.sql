-- The newest rows of duplicates in one cell.
select candidate_id[:12] as candidate, verdict, keeper_id[:12] as keeper, round(similarity, 3) as similarity, method
from duplicates
where exercise = $exercise and language = $language
order by decided_at desc, candidate_id
limit $rows
