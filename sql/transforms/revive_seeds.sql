-- Articles that their file holds again in this revision.
update seed_corpus
set is_current = true
where seed_id in (select unnest($seed_ids)) and not is_current
