-- Articles that their file no longer holds in this revision.
update seed_corpus
set is_current = false
where seed_id in (select unnest($seed_ids))
