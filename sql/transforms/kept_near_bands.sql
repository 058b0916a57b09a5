-- Rows of a family that were kept and share a band with a text: those worth comparing by their shingles. Whether they
-- stand, `standing` says.
-- The bands of every row of the language are read, and nothing else of rows that share none.
with hits as materialized (
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
semi join (
    from duplicates where family = $family and language = $language and verdict = 'kept'
) as u using (candidate_id)
order by l.candidate_id
