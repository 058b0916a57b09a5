-- How many answered candidates of the cell have no vector by this encoder. A vector is of an answered candidate, and an
-- answer that was not refused stays: so the difference is the number.
select
    (
        select count(*) from answers
        where exercise = $exercise and language = $language and refused_reason is null
    ) - (
        select count(*) from embeddings
        where exercise = $exercise and language = $language and encoder = $encoder
    ) as open
