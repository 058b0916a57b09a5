-- One row per article that the recipe does not draw from though it can be read: by its licence, its selection, its version.
create table if not exists left_out_seeds (
    collection varchar not null,          -- collection it belongs to
    language varchar not null,            -- language it is in
    name varchar not null,                -- file it stands in
    fingerprint varchar not null,         -- what the file was read with; empty for what is decided over all articles
    url varchar not null,                 -- address of the article
    revision varchar not null,            -- what identifies the version, or empty
    title varchar not null,               -- title of the article
    license varchar not null,             -- SPDX identifier, or unknown
    reason varchar not null,              -- why, details behind a colon
    run_id varchar not null,              -- Dagster run that left it out
    left_out_at timestamptz not null      -- when
);
