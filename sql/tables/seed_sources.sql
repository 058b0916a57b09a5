-- One row per time that a file of a seed collection was read with other content than before.
create table if not exists seed_sources (
    collection varchar not null,          -- collection the file belongs to
    language varchar not null,            -- language of its articles
    name varchar not null,                -- file, as its reader names it
    fingerprint varchar not null,         -- changes with its content and with how it is read; the same is not read again
    seeds bigint not null,                -- articles it gave
    bad_records json not null,            -- records it could not give: [{source, record, reason}]
    run_id varchar not null,              -- Dagster run that read it
    read_at timestamptz not null,         -- when it was read
    dropped json                          -- what rules left out of it, counted: [{reason, what, count}]
);
