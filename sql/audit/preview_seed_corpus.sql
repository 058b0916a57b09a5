-- The newest rows of seed_corpus; the table has no cells.
select collection, language, title, url, license, level, topic
from seed_corpus
where $exercise is null and $language is null
order by read_at desc, seed_id
limit $rows
