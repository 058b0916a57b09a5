-- The work list of sections: current articles that are not cut yet.
select s.*
from seed_corpus as s
anti join sections as t using (seed_id)
where s.is_current
order by s.collection, s.language, s.url
