-- One row per round that a run claimed in a cell.
create table if not exists rounds (
    exercise varchar not null,            -- exercise of the cell
    language varchar not null,            -- language of the cell
    round integer not null,               -- number of the round, from 1
    recipe_name varchar not null,         -- recipe that asked for it
    recipe_hash varchar not null,         -- hash of that recipe
    target integer not null,              -- accepted rows (or planned passes) asked of the cell
    open_before integer not null,         -- candidates that were still open
    accepted_before integer not null,     -- accepted rows there were
    planned integer not null,             -- new candidates it added
    pool_ids varchar[] not null,          -- accepted candidates that its tasks may look at, frozen now
    run_id varchar not null,              -- Dagster run that claimed it
    claimed_at timestamptz not null       -- when
);
