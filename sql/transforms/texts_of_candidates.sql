-- Everything that these candidates say, with what their exercise reads it by.
select
    q.candidate_id,
    q.query,
    q.payload as query_payload,
    d.draft,
    a.answer,
    a.payload as answer_payload
from queries as q
join reasoning_drafts as d using (candidate_id)
join answers as a using (candidate_id)
where q.candidate_id in (select unnest($candidate_ids))
order by q.candidate_id
