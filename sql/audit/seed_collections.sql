-- Every collection and language that was read, with its articles, licences, what was left out and wrong, and when it was read.
with files as (
    select
        collection,
        language,
        count(*) filter (fingerprint <> 'gone') as files,
        sum(json_array_length(bad_records)) as bad_records,
        max(read_at) as last_read
    from (
        select * from seed_sources
        qualify row_number() over (partition by collection, language, name order by read_at desc) = 1
    )
    group by collection, language
),
articles as (
    select collection, language, count(*) as articles, list_sort(list(distinct license)) as licences
    from seed_corpus
    where is_current
    group by collection, language
),
left_out as (
    select collection, language, count(*) as left_out from left_out_seeds group by collection, language
)
select
    f.collection,
    f.language,
    cast(f.files as bigint) as files,
    coalesce(a.articles, 0) as articles,
    coalesce(a.licences, []) as licences,
    coalesce(l.left_out, 0) as left_out,
    cast(coalesce(f.bad_records, 0) as bigint) as bad_records,
    f.last_read
from files as f
left join articles as a using (collection, language)
left join left_out as l using (collection, language)
order by f.collection, f.language
