-- Articles that stand now, by collection and language, and the hash of all of them.
select collection, language, count(*) as seeds, md5(string_agg(seed_id, '' order by seed_id)) as state
from seed_corpus
where is_current
group by collection, language
order by collection, language
