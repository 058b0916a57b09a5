-- Layout 3: an article says who is credited for it.
alter table seed_corpus add column if not exists attribution varchar
