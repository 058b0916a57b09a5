-- Articles that were left out over all of a collection, and are not, or not for that reason, any more.
delete from left_out_seeds
where
    collection = $collection
    and language in (select unnest($languages))
    and fingerprint = ''
    and not exists (
        select 1
        from chosen_seeds as c
        join seed_corpus as s using (seed_id)
        where
            c.reason = left_out_seeds.reason
            and s.url = left_out_seeds.url
            and s.language = left_out_seeds.language
            and coalesce(s.revision, '') = left_out_seeds.revision
    )
