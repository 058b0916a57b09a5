-- One row per accepted candidate, as it is published.
create table if not exists samples (
    synth_id varchar not null,            -- {exercise}_{language}_{first 16 hex digits of the candidate id}
    language varchar not null,            -- language of query and answer (partition key)
    exercise varchar not null,            -- published label of the exercise
    model varchar not null,               -- {base}-{exercise}, or program
    query varchar not null,               -- the question
    query_seed_url varchar,               -- address of the section it was asked about
    query_seed_text varchar,              -- text of that section
    additional_seed_url varchar,          -- address of the neighbour paragraph
    seed_license varchar,                 -- licence of the seed
    constraints varchar,                  -- axis:value, comma-separated
    script varchar,                       -- name of the program's template
    synthetic_reasoning varchar,          -- the trace
    synthetic_answer varchar not null,    -- the answer
    words bigint not null,                -- words of query, trace and answer
    candidate_id varchar not null,        -- the candidate, which leads back to everything
    candidate_key integer,                -- number made of that id, by which rows are found without reading ids
    cell varchar not null,                -- exercise (partition key)
    section_id varchar,                   -- section
    seed_id varchar,                      -- article revision
    payload json not null,                -- the answer's typed payload (preference pair, columns of its own)
    quality double not null,              -- composite quality score
    by_program boolean not null,          -- whether no model had a part in it
    recipe_hash varchar not null,         -- recipe that asked for it
    run_id varchar not null,              -- Dagster run that accepted it
    sampled_at timestamptz not null       -- when
);
