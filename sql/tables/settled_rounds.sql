-- One row per round of which nothing is open, and set of marks that some of its candidates share: how many those are.
create table if not exists settled_rounds (
    exercise varchar not null,            -- exercise of the cell
    language varchar not null,            -- language of the cell
    round integer not null,               -- number of the round
    exercise_version integer not null,    -- version of the exercise that planned them
    state varchar not null,               -- state they are in
    refused_at varchar,                   -- table that refused them
    refused_reason varchar,               -- why
    verdict varchar,                      -- kept or duplicate, whatever became of them since
    is_published boolean not null,        -- whether they stand in samples
    passed boolean,                       -- whether they passed quality; null where they were not judged
    scorer_version varchar,               -- scorers they were judged by
    weighed_by varchar,                   -- weights and threshold of their composite
    has_judgement boolean not null,       -- whether a judgement counts in their composite
    judgement_counts boolean not null,    -- whether the judgement that counts is the one that stands, or there is neither
    is_seen boolean not null,             -- whether a judge was asked about them
    least_draw double not null,           -- lowest number (0 to 1) by which one of them is drawn for a judge
    greatest_draw double not null,        -- highest such number
    held_against varchar,                 -- fingerprint of the benchmarks that they were held against
    times_reopened bigint not null,       -- how often their transient refusals were taken back
    candidates bigint not null,           -- how many they are
    stamp bigint not null,                -- sum over all their rows in the tables that decide over states (see row_stamps)
    settled_at timestamptz not null       -- when this was noted
);
