-- One row per encoder and stretch of a text that is longer than the encoder reads at once.
create table if not exists chunk_embeddings (
    candidate_id varchar not null,        -- candidate it belongs to
    exercise varchar not null,            -- exercise
    language varchar not null,            -- language
    encoder varchar not null,             -- encoder and precision
    chunk integer not null,               -- which stretch of the duplicate key, from 0
    vector float[] not null,              -- L2-normalised embedding of the stretch
    run_id varchar not null,              -- Dagster run that made it
    made_at timestamptz not null          -- when
);
