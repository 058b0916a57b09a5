-- Deletes the rows of queries whose refusal this run has just taken back; what they said stands in reopened.
delete from queries
where
    refused_reason is not null
    and candidate_id in (
        select candidate_id
        from reopened
        where refused_at = 'queries' and run_id = $run_id and reopened_at = cast($reopened_at as timestamptz)
    )
