-- Rows of a family that were kept, and whether this encoder has read them; whether they stand, `standing` says.
select u.candidate_id, e.candidate_id is not null as has_vector
from duplicates as u
left join (
    select candidate_id from embeddings where encoder = $encoder and language = $language
) as e using (candidate_id)
where u.family = $family and u.language = $language and u.verdict = 'kept'
order by u.candidate_id
