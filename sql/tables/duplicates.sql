-- One row per candidate that passed quality: kept, or a duplicate of the one that is kept.
create table if not exists duplicates (
    candidate_id varchar not null,        -- candidate it belongs to
    candidate_key integer,                -- number made of that id, by which rows are found without reading ids
    exercise varchar not null,            -- exercise (partition key)
    language varchar not null,            -- language (partition key)
    family varchar not null,              -- rows of one family and language are compared
    key_hash varchar not null,            -- hash of what is compared
    verdict varchar not null,             -- kept or duplicate
    keeper_id varchar,                    -- candidate that is kept in its place
    similarity double,                    -- cosine with the keeper, or shared part of the words; 1 for exact copies
    method varchar,                       -- exact, lexical or embedding
    threshold double not null,            -- cosine at and above which a row is a duplicate
    other_families json not null,         -- matches in other families, recorded only: [{candidate_id, similarity}]
    run_id varchar not null,              -- Dagster run that decided
    decided_at timestamptz not null       -- when
);
