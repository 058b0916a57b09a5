-- The articles a file gave when it was last read.
select seed_id
from seed_corpus
where collection = $collection and language = $language and source_file = $name and is_current
