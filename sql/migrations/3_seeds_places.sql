-- Layout 3: which file holds which article stands in a table of its own; so far an article knew the one it was read from.
insert into seed_places by name
select s.collection, s.language, s.source_file as name, f.fingerprint, s.seed_id
from seed_corpus as s
join (
    select collection, language, name, fingerprint
    from seed_sources
    qualify row_number() over (partition by collection, language, name order by read_at desc) = 1
) as f on f.collection = s.collection and f.language = s.language and f.name = s.source_file
anti join seed_places as p on p.seed_id = s.seed_id
where s.is_current
