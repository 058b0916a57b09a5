-- One row per time that a limit of a recipe's budget ended the calls of a run.
create table if not exists budget_stops (
    recipe_name varchar not null,         -- recipe whose budget it was
    limit_name varchar not null,          -- limit as the recipe names it ("budget.day.usd")
    limit_value double not null,          -- what the limit was
    day varchar not null,                 -- date in UTC ("2026-11-21")
    message varchar not null,             -- what the engine said: spent, limit and what the next call may take
    run_id varchar not null,              -- Dagster run that was ended
    stopped_at timestamptz not null       -- when
);
