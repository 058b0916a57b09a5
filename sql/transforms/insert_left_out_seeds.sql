-- New rows of left_out_seeds; rows that are there already stay as they are.
insert into left_out_seeds by name
select * from incoming anti join left_out_seeds using (collection, language, name, fingerprint, url, revision, reason)
