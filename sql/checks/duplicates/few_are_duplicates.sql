-- Of 100 decided rows of a cell or more, no more than half are duplicates: beyond that most of what is asked is wasted.
-- severity: warning
select exercise, language, count(*) as decided, round(count(*) filter (verdict = 'duplicate') / count(*), 3) as share
from duplicates
group by exercise, language
having count(*) >= 100 and count(*) filter (verdict = 'duplicate') > 0.5 * count(*)
