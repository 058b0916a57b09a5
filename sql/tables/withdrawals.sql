-- One row per candidate and order that takes it out of the dataset, as long as the order stands.
create table if not exists withdrawals (
    candidate_id varchar not null,        -- candidate that is withdrawn
    reason varchar not null,              -- why, as the order says
    withdrawn_at timestamptz not null,    -- when
    order_id varchar                      -- order that marked it; null where it was marked by itself
);
