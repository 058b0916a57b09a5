-- Notes what rows are judged by; what is noted already stays as it is.
insert into quality_standards by name
select * from incoming anti join quality_standards using (scorer_version, weighed_by)
