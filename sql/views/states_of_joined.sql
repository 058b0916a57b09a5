-- What the rows of each candidate, joined to its plan, come to: the end of views/candidate_states. Who puts it in names
-- `joined`, and `replaced`, the candidates that an accepted one stands in for.
with base as (
    select
        candidate_id,
        exercise,
        exercise_version,
        language,
        round,
        source,
        section_id,
        pass,
        replaces,
        recipe_hash,
        is_withdrawn,
        coalesce(
            query_refused,
            draft_refused,
            answer_refused,
            case when not score_passed then score_reason end,
            clear_reason
        ) as refused_reason,
        case
            when query_refused is not null then 'queries'
            when draft_refused is not null then 'reasoning_drafts'
            when answer_refused is not null then 'answers'
            when not score_passed then 'quality_scores'
            when clear_reason is not null then 'contamination'
        end as refused_at,
        has_query,
        has_draft,
        has_answer,
        has_score,
        verdict,
        coalesce(query_model = 'program' and draft_model = 'program' and answer_model = 'program', false) as by_program,
        score_passed as passed,
        scorer_version,
        weighed_by,
        judgement,
        held_against,
        -- the sum of row_stamps over its rows in these tables
        epoch_us(planned_at) // 1000
        + coalesce(epoch_us(query_at) // 1000 + coalesce(length(query_refused), 0), 0)
        + coalesce(epoch_us(draft_at) // 1000 + coalesce(length(draft_refused), 0), 0)
        + coalesce(epoch_us(answer_at) // 1000 + coalesce(length(answer_refused), 0), 0)
        + coalesce(epoch_us(score_at) // 1000 + if(score_passed, 0, 1), 0)
        + coalesce(epoch_us(clear_at) // 1000 + if(clear, 0, 1), 0)
        + coalesce(epoch_us(verdict_at) // 1000 + length(verdict), 0)
        + coalesce(withdrawn_stamp, 0) as stamp
    from joined
)
select
    base.*,
    case
        when is_withdrawn then 'withdrawn'
        when replaced.candidate_id is not null then 'superseded'
        when refused_reason is not null then 'refused'
        when verdict = 'duplicate' then 'duplicate'
        when verdict = 'kept' then 'accepted'
        else 'open'
    end as state
from base
left join replaced using (candidate_id)
