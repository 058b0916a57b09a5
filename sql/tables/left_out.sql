-- One row per accepted sample that releases leave out, because its cell keeps its best ones alone.
create table if not exists left_out (
    candidate_id varchar not null,        -- the candidate
    synth_id varchar not null,            -- its name as a sample
    exercise varchar not null,            -- exercise
    language varchar not null,            -- language
    quality double not null,              -- its composite score, beyond the best N of the cell
    reason varchar not null               -- beyond_best
);
