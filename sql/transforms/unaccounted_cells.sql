-- Cells whose groups, those that are settled and those that are derived now, do not add up to the rows that there are:
-- something of what is settled was written anew, taken away, or added to.
with found as (
    select exercise, language, sum(stamp) as stamp
    from (
        select exercise, language, stamp from row_stamps
        union all
        select c.exercise, c.language, epoch_us(w.withdrawn_at) // 1000 as stamp
        from withdrawals as w
        join candidates as c using (candidate_id)
    )
    group by exercise, language
),
accounted as (
    select exercise, language, sum(stamp) as stamp
    from cell_groups
    group by exercise, language
)
select exercise, language
from found
full join accounted using (exercise, language)
where found.stamp is distinct from accounted.stamp
order by exercise, language
