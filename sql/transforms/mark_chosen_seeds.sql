-- Articles that are drawn from now and were not, or the other way round.
update seed_corpus
set is_current = not is_current
where
    collection = $collection
    and language in (select unnest($languages))
    and is_current <> (seed_id in (select seed_id from chosen_seeds where reason is null))
