-- One row per section and tree of domains.
create table if not exists section_domains (
    section_id varchar not null,          -- section that was tagged
    tree varchar not null,                -- hash of the tree's names and descriptions, with the least similarity where there is one
    area varchar,                         -- topmost name above its domain; null when none is near
    domain varchar,                       -- path of the nearest leaf, " / " between its names; null when none is near
    similarity double not null,           -- cosine of the section and the nearest leaf's description
    runner_up varchar not null,           -- path of the second nearest leaf
    runner_up_similarity double not null, -- its cosine
    encoder varchar not null,             -- encoder and precision
    refused_reason varchar,               -- why it has no domain; null when it has
    run_id varchar not null,              -- Dagster run that tagged it
    made_at timestamptz not null          -- when
);
