-- The families and languages of which rows are kept.
select distinct family, language
from duplicates
where verdict = 'kept'
order by family, language
