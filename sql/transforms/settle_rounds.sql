-- Sums up these rounds, of which nothing is left to do but by another recipe: nothing is open, what is accepted is
-- published and nothing else is, no verdict stands that is to be decided again, and nothing replaces or is replaced by
-- what is not settled. $exercises, $languages and $rounds name a round at each place.
-- The lists are compared beside the join, because that comparison reaches the tables and a join does not.
insert into settled_rounds by name
with chosen as (
    select unnest($exercises) as exercise, unnest($languages) as language, unnest($rounds) as round
),
groups as (
    select g.*
    from (
        from state_groups
        where list_contains($all_exercises, exercise) and list_contains($all_languages, language)
    ) as g
    semi join chosen as k on k.exercise = g.exercise and k.language = g.language and k.round = g.round
),
links as (
    select old.exercise, old.language, old.round, new_.round as other
    from (
        from candidates
        where
            replaces is not null
            and list_contains($all_exercises, exercise)
            and list_contains($all_languages, language)
    ) as new_
    join candidates as old on old.candidate_id = new_.replaces
),
waiting as (
    select exercise, language, round
    from groups
    where state = 'open' or is_published <> (state = 'accepted') or (state = 'refused' and verdict is not null)
    union
    select c.exercise, c.language, c.round
    from (
        from candidate_states
        where
            state <> 'accepted'
            and list_contains($all_exercises, exercise)
            and list_contains($all_languages, language)
    ) as c
    semi join duplicates as d on d.keeper_id = c.candidate_id
    union
    select l.exercise, l.language, l.round
    from (
        select exercise, language, round, other from links
        union all
        select exercise, language, other, round from links
    ) as l
    anti join (
        select distinct exercise, language, round from settled_rounds
        union all
        from chosen
    ) as s on s.exercise = l.exercise and s.language = l.language and s.round = l.other
)
select g.*, now() as settled_at
from groups as g
anti join waiting as w on w.exercise = g.exercise and w.language = g.language and w.round = g.round
semi join rounds as r on r.exercise = g.exercise and r.language = g.language and r.round = g.round
anti join settled_rounds as known
    on known.exercise = g.exercise and known.language = g.language and known.round = g.round
