-- One row per article revision that a seed collection has held.
create table if not exists seed_corpus (
    seed_id varchar not null,             -- hash of collection, language, address and content
    collection varchar not null,          -- named source it belongs to
    language varchar not null,            -- ISO 639-1 code the source states
    title varchar not null,               -- title of the article
    url varchar not null,                 -- address of the article
    license varchar not null,             -- SPDX identifier, or unknown
    level integer,                        -- Vital Articles level, 1 to 5
    topic varchar,                        -- subject heading of the source
    revision varchar,                     -- what identifies the version read
    retrieved_at timestamptz,             -- when the source was retrieved, where it says
    content_hash varchar not null,        -- hash of everything a section is made from
    blocks json not null,                 -- body: [{kind, text, level, anchor}]
    source_file varchar not null,         -- file it was first read from
    is_current boolean not null,          -- whether it is drawn from: a file holds this revision, and the recipe wants it
    run_id varchar not null,              -- Dagster run that read it
    read_at timestamptz not null,         -- when it was read
    attribution varchar,                  -- who is credited
    wikidata varchar,                     -- Wikidata item it is about
    characters bigint                     -- length of the body; null where it was read before that was noted
);
