-- Sections that accepted samples were asked about, at most as many as asked for.
select text
from sections
where section_id in (
    select s.section_id
    from samples as s
    join candidate_states as state on state.candidate_id = s.candidate_id and state.state = 'accepted'
)
order by content_hash, section_id
limit $size
