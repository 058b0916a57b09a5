-- Layout 3: an article says how long it is, so that its body need not be read for that.
alter table seed_corpus add column if not exists characters bigint
