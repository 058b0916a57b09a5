-- Layout 2: a verdict on quality says which judgement counts in it.
alter table quality_scores add column if not exists judgement varchar
