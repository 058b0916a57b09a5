-- The releases that were published after a candidate was planned, newest first.
select version, folder, released_at, run_id
from release
where released_at >= $since
order by released_at desc, version
