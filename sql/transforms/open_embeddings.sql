-- The work list of embeddings: answered candidates of the cell that have no vector by this encoder, of the whole cell or of
-- what was made since what is not settled was planned. `withdrawn` ones get none.
select a.candidate_id, w.candidate_id is not null as withdrawn
from answers as a
anti join (
    select candidate_id
    from embeddings
    where
        encoder = $encoder
        and exercise = $exercise
        and language = $language
        and made_at >= coalesce(if($whole, null, getvariable('rows_since')), '-infinity'::timestamptz)
) as t using (candidate_id)
left join (select distinct candidate_id from withdrawals) as w using (candidate_id)
where
    a.exercise = $exercise
    and a.language = $language
    and a.refused_reason is null
    and a.made_at >= coalesce(if($whole, null, getvariable('rows_since')), '-infinity'::timestamptz)
order by a.candidate_id
