-- One row per reasoning trace written for a query, or per candidate refused at this step with its reason.
create table if not exists reasoning_drafts (
    candidate_id varchar not null,        -- candidate it belongs to
    candidate_key integer,                -- number made of that id, by which rows are found without reading ids
    exercise varchar not null,            -- exercise (partition key)
    language varchar not null,            -- language (partition key)
    draft varchar,                        -- the trace; empty where the exercise has none; null when refused
    payload json not null,                -- what later steps and verification need
    model varchar not null,               -- model that made it, or "program"
    templates varchar[] not null,         -- prompt templates used, name@sha256
    call_ids varchar[] not null,          -- calls it was made from, all attempts, in order
    attempts integer not null,            -- tries it took
    fingerprint varchar not null,         -- hash of templates, model, parameters and the parent row
    refused_reason varchar,               -- why the candidate ended here; null when it goes on
    refused_detail varchar,               -- the values that explain it
    run_id varchar not null,              -- Dagster run that made it
    made_at timestamptz not null          -- when
);
