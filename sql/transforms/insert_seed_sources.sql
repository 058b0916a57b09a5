-- New rows of seed_sources; a file that holds again what it once held is read anew, so only its last row counts.
insert into seed_sources by name
select * from incoming
anti join (
    select collection, language, name, fingerprint
    from seed_sources
    qualify row_number() over (partition by collection, language, name order by read_at desc) = 1
) as known using (collection, language, name, fingerprint)
