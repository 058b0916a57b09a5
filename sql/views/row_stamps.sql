-- One row per row of the tables that decide over states, but for withdrawals, which name no cell: a number that changes
-- when it is written anew, or changed in what decides. Whole milliseconds, cut off: epoch_ms costs four times as
-- much, and rounds on DuckDB 2.0 and not on 1.5.
create or replace view row_stamps as
select exercise, language, epoch_us(planned_at) // 1000 as stamp from candidates
union all
select exercise, language, epoch_us(made_at) // 1000 + coalesce(length(refused_reason), 0) from queries
union all
select exercise, language, epoch_us(made_at) // 1000 + coalesce(length(refused_reason), 0) from reasoning_drafts
union all
select exercise, language, epoch_us(made_at) // 1000 + coalesce(length(refused_reason), 0) from answers
union all
select exercise, language, epoch_us(made_at) // 1000 + if(passed, 0, 1) from quality_scores
union all
select exercise, language, epoch_us(judged_at) // 1000 + if(passed, 0, 1) from contamination
union all
select exercise, language, epoch_us(decided_at) // 1000 + length(verdict) from duplicates
union all
select cell, language, epoch_us(sampled_at) // 1000 from samples
union all
select exercise, language, epoch_us(made_at) // 1000 from judgements
union all
select exercise, language, epoch_us(reopened_at) // 1000 from reopened
