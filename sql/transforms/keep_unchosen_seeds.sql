-- Articles that are left out over all of a collection.
insert into left_out_seeds by name
select
    s.collection, s.language, s.source_file as name, '' as fingerprint, s.url, coalesce(s.revision, '') as revision,
    s.title, s.license, c.reason, $run_id as run_id, $left_out_at as left_out_at
from chosen_seeds as c
join seed_corpus as s using (seed_id)
anti join left_out_seeds as l
    on l.collection = s.collection
    and l.language = s.language
    and l.fingerprint = ''
    and l.url = s.url
    and l.revision = coalesce(s.revision, '')
    and l.reason = c.reason
where c.reason is not null
