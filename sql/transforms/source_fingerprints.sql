-- The fingerprint under which each file of a collection was last read.
select collection, language, name, fingerprint
from seed_sources
qualify row_number() over (partition by collection, language, name order by read_at desc) = 1
