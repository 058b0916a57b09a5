-- Kept rows of a family that stand and share a band with a text: those worth comparing by their shingles.
with hits as (
    select distinct l.candidate_id
    from (
        select candidate_id, unnest(bands) as band
        from lexical_signatures
        where language = $language and threshold = $threshold
    ) as l
    semi join (select unnest($bands) as band) as asked using (band)
)
select l.candidate_id, l.signature, l.shingles
from lexical_signatures as l
semi join hits using (candidate_id)
join duplicates as u using (candidate_id)
join candidate_states as c using (candidate_id)
where u.family = $family and u.language = $language and u.verdict = 'kept' and c.state = 'accepted'
order by l.candidate_id
