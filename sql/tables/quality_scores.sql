-- One row per answered candidate, with every score, the verdict and its reason.
create table if not exists quality_scores (
    candidate_id varchar not null,        -- candidate it belongs to
    candidate_key integer,                -- number made of that id, by which rows are found without reading ids
    exercise varchar not null,            -- exercise (partition key)
    language varchar not null,            -- language (partition key)
    scores json not null,                 -- [{name, value, passed, reason, detail}]
    composite double not null,            -- weighted mean of the values, 0 to 1; a score that did not pass counts 0
    passed boolean not null,              -- whether every scorer passed and the composite reaches its threshold
    reason varchar,                       -- first reason it did not
    scorer_version varchar not null,      -- versions and thresholds of the scorers
    weighed_by varchar not null,          -- weights and threshold of the composite
    judgement varchar,                    -- fingerprint of the judgement that counts in it; null where nobody judged
    run_id varchar not null,              -- Dagster run that judged it
    made_at timestamptz not null          -- when
);
