-- What a step of these candidates starts from: the plan, the query and the trace as far as they are made.
select
    c.candidate_id,
    c.exercise,
    c.language,
    c.pass,
    c.round,
    c.section_id,
    c.neighbour_ids,
    c.constraints,
    c.source,
    c.replaces,
    q.query,
    q.payload as query_payload,
    q.fingerprint as query_fingerprint,
    q.model as query_model,
    d.draft,
    d.payload as draft_payload,
    d.fingerprint as draft_fingerprint,
    d.model as draft_model,
    a.answer,
    a.payload as answer_payload,
    a.checks,
    a.model as answer_model
from candidates as c
left join queries as q using (candidate_id)
left join reasoning_drafts as d using (candidate_id)
left join answers as a using (candidate_id)
where c.candidate_id in (select unnest($candidate_ids))
