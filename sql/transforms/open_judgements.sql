-- A page of the work list of judgements: answered candidates of the cell within the judge's share, drawn by a hash of
-- their ids, so that a larger share holds every candidate of a smaller one.
-- $shards: first two hex digits of the ids that this run has claimed; ($round, $pass, $candidate_id): where the page
-- before ended; $most: rows of a page, of `found` in all from here.
select c.candidate_id, c.round, c.pass, count(*) over () as found
from candidates as c
join answers as a using (candidate_id)
anti join judgements as t using (candidate_id)
anti join withdrawals as w using (candidate_id)
where
    c.exercise = $exercise
    and c.language = $language
    and a.refused_reason is null
    and md5_number_lower(c.candidate_id) < $judge_share * 18446744073709551616.0::double
    and left(c.candidate_id, 2) in (select unnest($shards))
    and (c.round, c.pass, c.candidate_id) > ($round, $pass, $candidate_id)
order by c.round, c.pass, c.candidate_id
limit $most
