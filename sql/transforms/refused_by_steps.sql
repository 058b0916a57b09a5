-- The candidates of a cell that a step refused, for these reasons or, when forced, for any.
select candidate_id
from (
    select candidate_id, exercise, language, refused_reason from queries
    union all
    select candidate_id, exercise, language, refused_reason from reasoning_drafts
    union all
    select candidate_id, exercise, language, refused_reason from answers
)
where
    exercise = $exercise
    and language = $language
    and refused_reason is not null
    and ($why = 'forced' or refused_reason in (select unnest($transient)))
order by candidate_id
