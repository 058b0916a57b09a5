-- Sums up rounds of a cell, from the first to the last, of which nothing is left to do but by another recipe: nothing is
-- open, what is accepted is published and nothing else is, no verdict stands that is to be decided again, and nothing
-- replaces or is replaced by what is not settled.
insert into settled_rounds by name
with groups as (
    from state_groups
    where exercise = $exercise and language = $language and round between $first and $last
),
links as (
    select old.round, new_.round as other
    from (from candidates where replaces is not null and exercise = $exercise and language = $language) as new_
    join candidates as old on old.candidate_id = new_.replaces
),
waiting as (
    select round
    from groups
    where state = 'open' or is_published <> (state = 'accepted') or (state = 'refused' and verdict is not null)
    union
    select c.round
    from candidate_states as c
    semi join duplicates as d on d.keeper_id = c.candidate_id
    where
        c.exercise = $exercise
        and c.language = $language
        and c.round between $first and $last
        and c.state <> 'accepted'
    union
    select l.round
    from (select round, other from links union all select other, round from links) as l
    anti join (
        select distinct round from settled_rounds where exercise = $exercise and language = $language
    ) as s on s.round = l.other
    where l.other not between $first and $last
)
select g.*, now() as settled_at
from groups as g
anti join waiting as w on w.round = g.round
semi join rounds as r on r.exercise = g.exercise and r.language = g.language and r.round = g.round
anti join settled_rounds as known
    on known.exercise = g.exercise and known.language = g.language and known.round = g.round
