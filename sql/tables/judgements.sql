-- One row per candidate that a language model was asked to judge: its points, or why its reply gave none.
create table if not exists judgements (
    candidate_id varchar not null,        -- candidate it belongs to
    candidate_key integer,                -- number made of that id, by which rows are found without reading ids
    exercise varchar not null,            -- exercise (partition key)
    language varchar not null,            -- language (partition key)
    points json,                          -- points by line of the rubric; null when there are none
    total integer,                        -- their sum, 0 to 10
    model varchar not null,               -- model that judged
    templates varchar[] not null,         -- prompt templates used, name@sha256
    call_ids varchar[] not null,          -- calls it was made from, all attempts, in order
    attempts integer not null,            -- tries it took
    fingerprint varchar not null,         -- hash of templates, model, parameters and the candidate
    refused_reason varchar,               -- why there are no points; the candidate itself goes on unjudged
    refused_detail varchar,               -- the values that explain it
    run_id varchar not null,              -- Dagster run that asked
    made_at timestamptz not null          -- when
);
