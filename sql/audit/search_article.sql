-- One article revision, all revisions of its address beside it, the newest first.
select
    a.seed_id, a.collection, a.language, a.title, a.url, a.license, a.level, a.topic, a.revision, a.retrieved_at,
    a.content_hash, a.is_current, a.source_file, a.run_id, a.read_at
from seed_corpus as a
join seed_corpus as one using (collection, language, url)
where one.seed_id = $seed_id
order by a.seed_id = $seed_id desc, a.read_at desc, a.seed_id
