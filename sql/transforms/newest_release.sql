-- Makes a version that is published again the newest one; the newest one stays as it is.
update release
set released_at = now()
where version = $name and released_at < (select max(released_at) from release)
