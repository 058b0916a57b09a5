-- New rows of section_embeddings; rows that are there already stay as they are.
insert into section_embeddings by name
select * from incoming anti join section_embeddings using (content_hash, encoder)
