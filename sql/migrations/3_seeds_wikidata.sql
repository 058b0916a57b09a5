-- Layout 3: an article says which Wikidata item it is about.
alter table seed_corpus add column if not exists wikidata varchar
