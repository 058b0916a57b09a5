-- Every article that a file of the collection holds now, with why it is not drawn from, null where it is: an older
-- version, or beyond what the recipe takes of its topic or in all. The order of a draw is a hash of seed and address, so
-- that an article keeps its place in it through its revisions. $quotas is a JSON object, topic -> most articles.
create or replace temp table chosen_seeds as
with last_read as (
    select collection, language, name, fingerprint
    from seed_sources
    where collection = $collection
    qualify row_number() over (partition by collection, language, name order by read_at desc) = 1
),
standing as (
    select distinct p.seed_id from seed_places as p join last_read using (collection, language, name, fingerprint)
),
quotas as (
    select lower(kept.topic) as topic, kept.most
    from (
        select unnest(map_entries(from_json($quotas::json, '"MAP(VARCHAR, BIGINT)"')), recursive := true)
    ) as kept(topic, most)
),
versions as (
    select
        s.seed_id,
        s.language,
        lower(coalesce(s.topic, '')) as topic,
        md5($seed || ' ' || s.url) as place,
        $by_version and row_number() over (
            partition by s.language, s.url order by coalesce(try_cast(s.revision as bigint), 0) desc, s.seed_id
        ) > 1 as is_older
    from seed_corpus as s
    join standing using (seed_id)
    where s.collection = $collection and s.language in (select unnest($languages))
),
of_topics as (
    select
        v.seed_id,
        v.language,
        v.place,
        v.is_older,
        not v.is_older and row_number() over (partition by v.language, v.topic, v.is_older order by v.place, v.seed_id)
            > coalesce(q.most, $per_topic) as is_beyond_quota
    from versions as v
    left join quotas as q using (topic)
)
select
    seed_id,
    case
        when is_older then 'older_version'
        when is_beyond_quota then 'beyond_quota'
        when row_number() over (partition by language, is_older or is_beyond_quota order by place, seed_id) > $sample
            then 'beyond_sample'
    end as reason
from of_topics
