-- New rows of embeddings; rows that are there already stay as they are.
insert into embeddings by name
select * from incoming anti join embeddings using (candidate_id, encoder)
