-- New rows of chunk_embeddings; rows that are there already stay as they are.
insert into chunk_embeddings by name
select * from incoming anti join chunk_embeddings using (candidate_id, encoder, chunk)
