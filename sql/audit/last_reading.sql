-- When a file of each seed collection last brought something new.
select collection, max(read_at) as read_at
from seed_sources
group by collection
order by collection
