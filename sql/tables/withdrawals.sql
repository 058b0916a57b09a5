-- One row per candidate taken out by a person, with the reason.
create table if not exists withdrawals (
    candidate_id varchar not null,        -- candidate that is withdrawn
    reason varchar not null,              -- why
    withdrawn_at timestamptz not null     -- when
);
