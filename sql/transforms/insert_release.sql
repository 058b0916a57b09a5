-- New rows of release; rows that are there already stay as they are.
insert into release by name
select * from incoming anti join release using (version)
