-- What is told of the article revisions at these places, from which sections were cut.
select
    seed_id, collection, language, title, url as article_url, license, level, topic, revision, retrieved_at,
    content_hash as article_hash, is_current, source_file, run_id as read_by_run
from seed_corpus
where rowid in (select unnest($places::bigint[]))
