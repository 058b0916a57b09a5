-- One row per duplicate whose keeper was withdrawn, with the verdict that stood until then and stands again if it returns.
create table if not exists orphaned_duplicates (
    candidate_id varchar not null,        -- candidate it belongs to
    candidate_key integer,                -- number made of that id, by which rows are found without reading ids
    exercise varchar not null,            -- exercise (partition key)
    language varchar not null,            -- language (partition key)
    family varchar not null,              -- rows of one family and language are compared
    key_hash varchar not null,            -- hash of what is compared
    verdict varchar not null,             -- duplicate
    keeper_id varchar not null,           -- candidate that was kept in its place and is withdrawn now
    similarity double,                    -- cosine with the keeper, or shared part of the words; 1 for exact copies
    method varchar,                       -- exact, lexical or embedding
    threshold double not null,            -- cosine at and above which a row was a duplicate
    other_families json not null,         -- matches in other families, recorded only: [{candidate_id, similarity}]
    run_id varchar not null,              -- Dagster run that decided
    decided_at timestamptz not null,      -- when
    set_aside_at timestamptz not null     -- when the verdict was set aside
);
