-- What a list shows of candidates: texts, score and where they come from, newest first. No row of a step
-- is older than its candidate: $since is when the oldest was planned, and keeps the rest of each table from being read.
with wanted as (
    select unnest($candidate_ids) as candidate_id
)
select
    c.candidate_id,
    c.exercise || '_' || c.language || '_' || c.candidate_id[:16] as name,
    c.exercise,
    c.language,
    c.planned_at,
    c.run_id,
    q.query,
    a.answer,
    a.model,
    s.composite as score,
    p.title,
    p.heading_path,
    p.seed_id,
    p.text as seed
from candidates as c
left join (
    select candidate_id, query from queries where made_at >= $since and candidate_id in (from wanted)
) as q using (candidate_id)
left join (
    select candidate_id, answer, model from answers where made_at >= $since and candidate_id in (from wanted)
) as a using (candidate_id)
left join (
    select candidate_id, composite from quality_scores where made_at >= $since and candidate_id in (from wanted)
) as s using (candidate_id)
left join sections as p on p.section_id = c.section_id
where c.planned_at >= $since and c.candidate_id in (from wanted)
order by c.planned_at desc, c.candidate_id
