-- Samples of withdrawn candidates, of all cells.
delete from samples
where candidate_id in (select candidate_id from withdrawals)
