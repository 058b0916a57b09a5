-- Every article revision that accepted samples descend from, with how many do.
select
    a.collection,
    a.language,
    a.title,
    a.url,
    a.license,
    coalesce(a.revision, '') as revision,
    coalesce(a.attribution, '') as attribution,
    count(*) as samples
from samples as s
anti join left_out as l on l.candidate_id = s.candidate_id
join candidate_states as state on state.candidate_id = s.candidate_id and state.state = 'accepted'
join seed_corpus as a on a.seed_id = s.seed_id
group by a.seed_id, a.collection, a.language, a.title, a.url, a.license, a.revision, a.attribution
order by a.collection, a.url, a.seed_id
