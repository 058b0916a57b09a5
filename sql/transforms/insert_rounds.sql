-- New rows of rounds; rows that are there already stay as they are.
insert into rounds by name
select * from incoming anti join rounds using (exercise, language, round)
