-- Layout 3: a file says what rules left out of it.
alter table seed_sources add column if not exists dropped json
