-- What was written before stays as it is; else a table of long texts is put together anew each time some are added, up to
-- seven gigabytes of articles. The next transaction that leaves this alone puts together what was left apart.
set max_vacuum_tasks = 0
