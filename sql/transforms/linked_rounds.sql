-- Settled rounds of which a candidate replaces one that is not settled, or is replaced by one: what becomes of either
-- decides over the state of the other.
with pairs as (
    select new_.exercise, new_.language, old.round as old_round, new_.round as new_round
    from (from candidates where replaces is not null) as new_
    join candidates as old on old.candidate_id = new_.replaces
),
links as (
    select exercise, language, old_round as round, new_round as other from pairs
    union
    select exercise, language, new_round, old_round from pairs
),
settled as (
    select distinct exercise, language, round from settled_rounds
)
select distinct k.exercise, k.language, k.round
from links as k
semi join settled as own on own.exercise = k.exercise and own.language = k.language and own.round = k.round
anti join settled as s on s.exercise = k.exercise and s.language = k.language and s.round = k.other
order by k.exercise, k.language, k.round
