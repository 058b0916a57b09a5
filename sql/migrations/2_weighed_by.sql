-- Layout 2: a verdict on quality says by which weights it was weighed; of earlier ones that is not known.
alter table quality_scores add column if not exists weighed_by varchar default ''
