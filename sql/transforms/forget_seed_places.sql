-- What a file held when it was read with other content than now.
delete from seed_places
where collection = $collection and language = $language and name = $name and fingerprint <> $fingerprint
