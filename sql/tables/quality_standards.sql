-- One row per pair of marks that judged rows bear: what they were held against.
create table if not exists quality_standards (
    scorer_version varchar not null,      -- mark of scorers and thresholds, as it stands in quality_scores
    weighed_by varchar not null,          -- mark of weights and the composite's threshold, as it stands there
    thresholds json not null,             -- scorer -> its thresholds by name
    weights json not null,                -- scorer -> its weight in the composite
    composite_threshold double not null,  -- what the composite must reach
    run_id varchar not null,              -- Dagster run that judged by it first
    noted_at timestamptz not null         -- when
);
