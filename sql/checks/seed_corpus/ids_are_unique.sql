-- No two rows of seed_corpus bear one id.
select seed_id, count(*) as rows
from seed_corpus
group by seed_id
having count(*) > 1
