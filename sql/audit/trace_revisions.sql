-- What is told of the article revisions that sections were cut from.
select
    seed_id, collection, language, title, url as article_url, license, level, topic, revision, retrieved_at,
    content_hash as article_hash, is_current, source_file, run_id as read_by_run
from seed_corpus
where seed_id in (select unnest($seed_ids))
