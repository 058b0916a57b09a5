-- Everything that is kept and accepted in a language, with what it is compared by.
select
    u.candidate_id,
    u.family,
    u.key_hash,
    s.composite,
    e.vector
from duplicates as u
join candidate_states as c using (candidate_id)
join quality_scores as s using (candidate_id)
left join (select candidate_id, vector from embeddings where encoder = $encoder) as e using (candidate_id)
where u.language = $language and u.verdict = 'kept' and c.state = 'accepted'
order by u.candidate_id
