-- Cells with open candidates: how many, and when a row of the cell was written last.
with open_cells as (
    select exercise, language, count(*) as open
    from candidate_states
    where state = 'open'
    group by exercise, language
),

written as (
    select exercise, language, max(planned_at) as at from candidates group by exercise, language
    union all
    select exercise, language, max(made_at) from queries group by exercise, language
    union all
    select exercise, language, max(made_at) from reasoning_drafts group by exercise, language
    union all
    select exercise, language, max(made_at) from answers group by exercise, language
    union all
    select exercise, language, max(made_at) from quality_scores group by exercise, language
)

select exercise, language, open_cells.open, max(written.at) as written_at
from open_cells
join written using (exercise, language)
group by exercise, language, open_cells.open
order by exercise, language
