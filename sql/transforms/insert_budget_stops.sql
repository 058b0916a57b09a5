-- Notes that a budget ended calls; a run is noted once a limit.
insert into budget_stops by name
select * from incoming anti join budget_stops using (run_id, limit_name)
