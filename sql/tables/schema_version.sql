-- One row per version of these tables that this database has had.
create table if not exists schema_version (
    version integer not null,             -- number of the layout, from 1
    made_at timestamptz not null          -- when the database took it on
);
