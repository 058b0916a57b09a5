-- One row per candidate that passed quality and was held against the recipe's benchmarks.
create table if not exists contamination (
    candidate_id varchar not null,        -- candidate it belongs to
    candidate_key integer,                -- number made of that id, by which rows are found without reading ids
    exercise varchar not null,            -- exercise (partition key)
    language varchar not null,            -- language (partition key)
    passed boolean not null,              -- whether it holds no item of a benchmark
    reason varchar,                       -- contaminated; null when it passed
    benchmark varchar,                    -- benchmark of the item that it holds most of
    item varchar,                         -- that item: its id, or its line in the file
    overlap double,                       -- share of the item's runs of words, or the cosine
    method varchar,                       -- words, query (all of a short question) or vector
    matches json not null,                -- all items found, 20 at most: [{benchmark, item, overlap, method}]
    fingerprint varchar not null,         -- hash of the benchmark files and settings that it was held against
    run_id varchar not null,              -- Dagster run that judged it
    judged_at timestamptz not null        -- when
);
