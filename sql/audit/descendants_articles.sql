-- Article revisions by their ids, and every revision of the article at an address, without their texts.
select * exclude (blocks)
from seed_corpus
where url = $url or seed_id in (select unnest($seed_ids))
order by read_at, seed_id
