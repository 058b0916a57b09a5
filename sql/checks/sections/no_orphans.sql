-- Every row of sections has its row in seed_corpus.
select sections.seed_id
from sections
anti join seed_corpus using (seed_id)
