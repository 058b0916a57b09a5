-- New rows of sections; rows that are there already stay as they are.
insert into sections by name
select * from incoming anti join sections using (section_id)
