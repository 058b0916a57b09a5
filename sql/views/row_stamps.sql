-- One row per row of the tables that decide over states, but for withdrawals, which name no cell: a number that changes
-- when it is written anew, or changed in what decides.
create or replace view row_stamps as
select exercise, language, epoch_ms(planned_at) as stamp from candidates
union all
select exercise, language, epoch_ms(made_at) + coalesce(length(refused_reason), 0) from queries
union all
select exercise, language, epoch_ms(made_at) + coalesce(length(refused_reason), 0) from reasoning_drafts
union all
select exercise, language, epoch_ms(made_at) + coalesce(length(refused_reason), 0) from answers
union all
select exercise, language, epoch_ms(made_at) + if(passed, 0, 1) from quality_scores
union all
select exercise, language, epoch_ms(judged_at) + if(passed, 0, 1) from contamination
union all
select exercise, language, epoch_ms(decided_at) + length(verdict) from duplicates
union all
select cell, language, epoch_ms(sampled_at) from samples
union all
select exercise, language, epoch_ms(made_at) from judgements
union all
select exercise, language, epoch_ms(reopened_at) from reopened
