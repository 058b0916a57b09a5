-- New rows of section_domains; rows that are there already stay as they are.
insert into section_domains by name
select * from incoming anti join section_domains using (section_id, tree)
