-- What is there to be withdrawn that is written most like a name that is not there.
with there as (
    select url as value, any_value(title) as what from seed_corpus where $scope = 'url' group by url
    union all
    select seed_id, url from seed_corpus where $scope = 'seed'
    union all
    select license, count(*) || ' articles' from seed_corpus where $scope = 'licence' group by license
    union all
    select section_id, url from sections where $scope = 'section'
)
select value, what
from there
order by jaro_winkler_similarity(lower(value), lower($value)) desc, value
limit 5
