-- One row per section text of the pool and encoder.
create table if not exists section_embeddings (
    content_hash varchar not null,        -- section text that was read
    encoder varchar not null,             -- encoder and precision
    vector float[] not null,              -- L2-normalised embedding
    run_id varchar not null,              -- Dagster run that made it
    made_at timestamptz not null          -- when it was made
);
