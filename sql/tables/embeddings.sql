-- One row per encoder and answered candidate whose exercise compares rows by embedding.
create table if not exists embeddings (
    candidate_id varchar not null,        -- candidate it belongs to
    candidate_key integer,                -- number made of that id, by which rows are found without reading ids
    exercise varchar not null,            -- exercise (partition key)
    language varchar not null,            -- language (partition key)
    encoder varchar not null,             -- encoder and precision
    key_hash varchar not null,            -- hash of the text that was read
    vector float[] not null,              -- L2-normalised embedding of the duplicate key
    run_id varchar not null,              -- Dagster run that made it
    made_at timestamptz not null          -- when
);
