-- One row per order that something and all that descends from it leave the dataset; it stands until it is undone.
create table if not exists withdrawal_orders (
    order_id varchar not null,            -- hash of scope, value and how often it was ordered before
    scope varchar not null,               -- url, seed, licence, section or candidate
    value varchar not null,               -- which one: an address, an id, an SPDX identifier
    reason varchar not null,              -- why; it stands on the cards of later releases
    ordered_at timestamptz not null,      -- when
    ordered_by varchar not null,          -- run or command that gave it; never a person
    undone_at timestamptz,                -- when it was undone; null while it stands
    undone_because varchar                -- why it was undone, where that was said
);
