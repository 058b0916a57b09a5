-- One row per candidate whose text was compared by its words, as it is compared.
create table if not exists lexical_signatures (
    candidate_id varchar not null,        -- candidate it belongs to
    exercise varchar not null,            -- exercise
    language varchar not null,            -- language
    threshold double not null,            -- shared part of the shingles that the bands are made for
    signature blob not null,              -- MinHash of the shingles, 128 little-endian uint32
    shingles blob not null,               -- 64-bit hashes of the shingles, in the order of the text
    bands bigint[] not null,              -- hashes of the signature's bands; texts that share none are not near
    run_id varchar not null,              -- Dagster run that made it
    made_at timestamptz not null          -- when
);
