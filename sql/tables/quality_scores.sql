-- One row per answered candidate, with every score, the verdict and its reason.
create table if not exists quality_scores (
    candidate_id varchar not null,        -- candidate it belongs to
    exercise varchar not null,            -- exercise (partition key)
    language varchar not null,            -- language (partition key)
    scores json not null,                 -- [{name, value, passed, reason, detail}]
    composite double not null,            -- mean of the values, 0 to 1
    passed boolean not null,              -- whether every scorer passed
    reason varchar,                       -- first reason it did not
    scorer_version varchar not null,      -- versions and thresholds of the scorers
    run_id varchar not null,              -- Dagster run that judged it
    made_at timestamptz not null          -- when
);
