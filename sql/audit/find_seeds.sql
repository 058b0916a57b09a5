-- Articles of this id or its beginning, this address or this title, those drawn from first.
select * exclude (run_id), run_id as read_by_run
from seed_corpus
where url = $name or title = $name or (length($name) >= 8 and starts_with(seed_id, $name))
order by is_current desc, read_at desc, seed_id
limit 20
