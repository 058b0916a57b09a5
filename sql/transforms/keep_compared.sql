-- Sections of current articles that were compared with the others and are copies of none.
update sections
set refused_reason = null
where refused_reason = 'not_compared' and seed_id in (select seed_id from seed_corpus where is_current)
