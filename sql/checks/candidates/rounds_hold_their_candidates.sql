-- Every candidate was planned by a claimed round, and every round holds as many as it says.
with counted as (
    select exercise, language, round, count(*) as held
    from candidates
    group by exercise, language, round
)
select *
from rounds
full join counted using (exercise, language, round)
where planned is distinct from held
