-- The release that was published last.
select version, samples, folder, released_at
from release
order by released_at desc
limit 1
