-- Articles of this address or title that the recipe does not draw from.
select collection, language, title, url, license, reason
from left_out_seeds
where url = $name or title = $name
order by left_out_at desc
limit 20
