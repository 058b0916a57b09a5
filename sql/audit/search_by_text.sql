-- The candidates whose query, answer or section holds a text, small and capital letters alike.
insert into found
select 'text', candidate_id from queries where contains(lower(query), lower($text))
union
select 'text', candidate_id from answers where contains(lower(answer), lower($text))
union
select 'text', candidate_id
from candidates
where section_id in (select section_id from sections where contains(lower(text), lower($text)))
