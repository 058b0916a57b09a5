-- Sections and the article revisions they were cut from.
select
    s.section_id, s.heading_path, s.url, s.text, s.words, s.content_hash,
    a.seed_id, a.collection, a.language, a.title, a.url as article_url, a.license, a.level, a.topic, a.revision,
    a.retrieved_at, a.content_hash as article_hash, a.is_current, a.source_file, a.run_id as read_by_run
from sections as s
join seed_corpus as a using (seed_id)
where s.section_id in (select unnest($section_ids))
