-- The release that was published last, but for the one that is named.
select version, samples, folder, released_at
from release
where version <> $name
order by released_at desc
limit 1
