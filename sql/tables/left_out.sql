-- One row per sample that the last release leaves out, because its cell keeps its best ones alone or it was withdrawn.
create table if not exists left_out (
    candidate_id varchar not null,        -- the candidate
    synth_id varchar not null,            -- its name as a sample
    exercise varchar not null,            -- exercise
    language varchar not null,            -- language
    quality double not null,              -- its composite score
    reason varchar not null               -- beyond_best or withdrawn
);
