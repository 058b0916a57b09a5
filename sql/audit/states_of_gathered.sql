-- The states of some candidates whose rows were gathered in a frame, as views/candidate_states joins them; what rows come to
-- is views/states_of_joined, which is put in.
with joined as (
    select
        g.*,
        w.candidate_id is not null as is_withdrawn,
        w.stamp as withdrawn_stamp
    from gathered as g
    left join (
        select candidate_id, sum(epoch_us(withdrawn_at) // 1000) as stamp from withdrawals group by candidate_id
    ) as w using (candidate_id)
),
replaced as (
    select distinct replaces as candidate_id
    from gathered
    where
        replaces is not null
        and verdict = 'kept'
        and query_refused is null
        and draft_refused is null
        and answer_refused is null
        and (coalesce(score_passed, true) or score_reason is null)
        and clear_reason is null
)
from ({states})
