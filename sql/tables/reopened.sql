-- One row per refusal that was taken back, so that its candidate is tried again.
create table if not exists reopened (
    candidate_id varchar not null,        -- candidate that was refused
    exercise varchar not null,            -- exercise (partition key)
    language varchar not null,            -- language (partition key)
    refused_at varchar not null,          -- table that it was refused in
    refused_reason varchar not null,      -- why it was refused
    refused_detail varchar,               -- the values that explain it
    model varchar not null,               -- model that was asked, or "program"
    templates varchar[] not null,         -- prompt templates used, name@sha256
    call_ids varchar[] not null,          -- calls that ended in the refusal
    attempts integer not null,            -- tries it took
    fingerprint varchar not null,         -- hash of templates, model, parameters and the parent row
    refused_run varchar not null,         -- Dagster run that refused it
    refused_on timestamptz not null,      -- when
    why varchar not null,                 -- transient (what caused it may pass) or forced (a person asked)
    run_id varchar not null,              -- Dagster run that took it back
    reopened_at timestamptz not null      -- when
);
