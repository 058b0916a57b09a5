-- The states of some candidates, in the words of the view `candidate_states`: who runs it puts in the view's own
-- statement, for which the tables that it names stand for few of their rows, so that none is read whole. $since is when
-- the oldest of the candidates was planned; no row of a step is older than its candidate.
with
wanted as (
    select unnest($candidate_ids) as candidate_id
),
candidates as (
    from main.candidates
    where planned_at >= $since and (candidate_id in (from wanted) or replaces in (from wanted))
),
queries as (
    from main.queries
    where made_at >= $since and candidate_id in (select candidate_id from candidates)
),
reasoning_drafts as (
    from main.reasoning_drafts
    where made_at >= $since and candidate_id in (select candidate_id from candidates)
),
answers as (
    from main.answers
    where made_at >= $since and candidate_id in (select candidate_id from candidates)
),
quality_scores as (
    from main.quality_scores
    where made_at >= $since and candidate_id in (select candidate_id from candidates)
),
contamination as (
    from main.contamination
    where judged_at >= $since and candidate_id in (select candidate_id from candidates)
),
duplicates as (
    from main.duplicates
    where decided_at >= $since and candidate_id in (select candidate_id from candidates)
)
select candidate_id, state, refused_at, refused_reason
from ({view})
where candidate_id in (from wanted)
