-- Rows of another warehouse as they stand there.
insert into {table} by name
select * from incoming
