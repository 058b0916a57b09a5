-- One row per time that a file of a seed collection was read with other content than before.
create table if not exists seed_sources (
    collection varchar not null,          -- collection the file belongs to
    language varchar not null,            -- language of its articles
    name varchar not null,                -- file, as its reader names it
    fingerprint varchar not null,         -- SHA-256 of its bytes; reading is skipped while it stays the same
    seeds bigint not null,                -- articles it gave
    bad_records json not null,            -- records it could not give: [{source, record, reason}]
    run_id varchar not null,              -- Dagster run that read it
    read_at timestamptz not null          -- when it was read
);
