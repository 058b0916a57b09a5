-- Embeddings by one encoder of the sections that accepted samples were asked about, at most as many as asked for.
select e.vector
from section_embeddings as e
where
    e.encoder = $encoder
    and e.content_hash in (
        select p.content_hash
        from samples as s
        join candidate_states as state on state.candidate_id = s.candidate_id and state.state = 'accepted'
        join sections as p on p.section_id = s.section_id
    )
order by e.content_hash
limit $size
