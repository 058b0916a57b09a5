-- Layout 6: a row has a number by which it is found, as sections have.
alter table quality_scores add column if not exists candidate_key integer
