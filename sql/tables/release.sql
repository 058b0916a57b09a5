-- One row per published version of the dataset.
create table if not exists release (
    version varchar not null,             -- first 12 hex digits of the hash of its rows and of how they are released
    samples bigint not null,              -- rows it holds
    folder varchar not null,              -- where its files lie
    files json not null,                  -- [{name, bytes, sha256}]
    cells json not null,                  -- [{cell, language, split, samples}]
    run_id varchar not null,              -- Dagster run that published it
    released_at timestamptz not null      -- when, or when it became the newest one again
);
