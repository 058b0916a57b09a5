-- One row per section of an article revision, kept or refused with its reason.
create table if not exists sections (
    section_id varchar not null,          -- hash of the article, its heading path, position and text
    section_key bigint,                   -- number made of that id, by which a section is found without reading ids
    seed_id varchar not null,             -- article revision it was cut from
    content_hash varchar not null,        -- hash of what a candidate is made from
    seed_language varchar not null,       -- language of the article
    collection varchar not null,          -- collection of the article
    title varchar not null,               -- title of the article
    heading_path varchar[] not null,      -- headings above it, outermost first; empty for a lead
    url varchar not null,                 -- address with the anchor of its heading
    license varchar not null,             -- SPDX identifier, from the article
    position integer not null,            -- place in the article, from 0
    is_lead boolean not null,             -- whether it stands before the first heading
    text varchar not null,                -- the section's text
    words integer not null,               -- words of the text
    refused_reason varchar,               -- why it is not drawn from; null when it is; not_compared until it was compared with the others
    copy_of varchar,                      -- section it is a copy of
    signature blob,                       -- hashes of the five-word shingles of kept sections, for finding near copies
    run_id varchar not null,              -- Dagster run that cut it
    made_at timestamptz not null          -- when it was cut
);
