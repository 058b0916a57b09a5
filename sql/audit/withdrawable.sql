-- What is there to be withdrawn under a name; ids may be given by their beginning,
-- that of a candidate as its sample's.
select value
from (
    select distinct url as value from seed_corpus where $scope = 'url' and url = $value
    union all
    select distinct seed_id from seed_corpus where $scope = 'seed' and starts_with(seed_id, $value)
    union all
    select min(license) from seed_corpus where $scope = 'licence' and lower(license) = lower($value) having count(*) > 0
    union all
    select distinct section_id from sections where $scope = 'section' and starts_with(section_id, $value)
    union all
    select distinct candidate_id
    from candidates
    where
        $scope = 'candidate'
        and (starts_with(candidate_id, $value) or exercise || '_' || language || '_' || candidate_id[:16] = $value)
)
order by value = $value desc, value
limit 2
