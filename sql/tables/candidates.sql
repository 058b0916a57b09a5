-- One row per planned sample: what it will be made from, written before any model is called.
create table if not exists candidates (
    candidate_id varchar not null,        -- hash of exercise, version, source, language, pass and seed
    candidate_key integer,                -- number made of that id, by which rows are found without reading ids
    exercise varchar not null,            -- exercise (partition key)
    exercise_version integer not null,    -- version of the exercise that planned it
    language varchar not null,            -- language of query and answer (partition key)
    round integer not null,               -- round that planned it
    pass integer not null,                -- which pass over its source, from 0
    seed bigint not null,                 -- the recipe's seed
    source varchar not null,              -- content hash of the section, or id of the program's template
    section_id varchar,                   -- section it draws on
    section_key bigint,                   -- number made of that id, by which candidates are found without reading ids
    neighbour_ids varchar[] not null,     -- nearest other sections, nearest first
    constraints json not null,            -- constraint draw, axis to value
    replaces varchar,                     -- candidate that it supersedes once it is accepted
    recipe_name varchar not null,         -- recipe that asked for it
    recipe_hash varchar not null,         -- hash of that recipe
    run_id varchar not null,              -- Dagster run that planned it
    planned_at timestamptz not null       -- when
);
