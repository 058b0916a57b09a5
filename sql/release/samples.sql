-- Every sample of the dataset with all that leads back, in the order it is released in.
select
    s.synth_id,
    s.language,
    s.exercise,
    s.model,
    s.query,
    s.query_seed_url,
    s.query_seed_text,
    s.additional_seed_url,
    s.seed_license,
    s.constraints,
    s.script,
    s.synthetic_reasoning,
    s.synthetic_answer,
    s.words,
    s.candidate_id,
    s.cell,
    -- the address and not the revision: two revisions of one article must not stand in two splits
    coalesce(article.url, u.key_hash, s.candidate_id) as split_key,
    s.seed_id,
    s.section_id,
    c.neighbour_ids,
    cast(c.exercise_version as bigint) as exercise_version,
    cast(c.pass as bigint) as pass,
    cast(c.constraints as varchar) as draw,
    q.model as query_model,
    d.model as reasoning_model,
    a.model as answer_model,
    list_sort(list_distinct(flatten([q.templates, d.templates, a.templates]))) as templates,
    cast(a.checks as varchar) as checks,
    cast(s.payload as varchar) as payload,
    s.quality,
    from_json(
        coalesce(o.scores, cast('[]' as json)),
        '[{"name": "varchar", "value": "double", "passed": "boolean", "reason": "varchar", "detail": "varchar"}]'
    ) as scores,
    u.family,
    u.key_hash,
    coalesce(copies.copies, 0) as copies,
    s.by_program,
    s.recipe_hash,
    article.attribution as seed_attribution
from samples as s
anti join left_out as l on l.candidate_id = s.candidate_id
join candidate_states as state on state.candidate_id = s.candidate_id and state.state = 'accepted'
join candidates as c on c.candidate_id = s.candidate_id
left join queries as q on q.candidate_id = s.candidate_id
left join reasoning_drafts as d on d.candidate_id = s.candidate_id
left join answers as a on a.candidate_id = s.candidate_id
left join quality_scores as o on o.candidate_id = s.candidate_id
left join duplicates as u on u.candidate_id = s.candidate_id
left join seed_corpus as article on article.seed_id = s.seed_id
left join (
    select keeper_id, count(*) as copies from duplicates where verdict = 'duplicate' group by keeper_id
) as copies on copies.keeper_id = s.candidate_id
order by s.synth_id
