-- Verdicts that were set aside, of keepers that are withdrawn no longer: they stand again, or others took their place.
delete from orphaned_duplicates
where keeper_id not in (select candidate_id from withdrawals)
