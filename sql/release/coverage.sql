-- Every value of each label that seeds, languages or draws have, with the accepted samples that bear it, none included.
with accepted as (
    select candidate_id from candidate_states where state = 'accepted'
),
drawn as (
    select candidate_id, axis, constraints ->> axis as value
    from (select candidate_id, constraints, unnest(json_keys(constraints)) as axis from candidates)
),
labelled as (
    select 'language' as label, language as value, candidate_id from candidates
    union all
    select 'axis ' || axis, value, candidate_id from drawn
    union all
    select 'topic', nullif(a.topic, ''), s.candidate_id
    from seed_corpus as a
    left join samples as s on s.seed_id = a.seed_id
    where a.is_current or s.candidate_id is not null
    union all
    select 'level', cast(a.level as varchar), s.candidate_id
    from seed_corpus as a
    left join samples as s on s.seed_id = a.seed_id
    where a.is_current or s.candidate_id is not null
    union all
    -- of several trees the one that tagged last
    select 'domain', d.domain, s.candidate_id
    from section_domains as d
    left join samples as s on s.section_id = d.section_id
    where d.tree = (select arg_max(tree, made_at) from section_domains)
)
select label, value, count(accepted.candidate_id) as samples
from labelled
left join accepted using (candidate_id)
where value is not null
group by label, value
order by label, value
