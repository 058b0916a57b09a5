-- Every citation of an answer with sources stands, word for word, in the source that it names.
with pieces as (
    select
        a.candidate_id,
        q.payload ->> '$.sources[*]' as sources,
        unnest(string_split(a.answer, '<ref name="source_')[2:]) as piece
    from answers as a
    join queries as q using (candidate_id)
    where a.exercise = 'rag' and a.refused_reason is null
),

cited as (
    select
        candidate_id,
        split_part(piece, '">', 1) as source,
        coalesce(sources[try_cast(split_part(piece, '">', 1) as integer)], '') as text,
        split_part(substr(piece, instr(piece, '">') + 2), '</ref>', 1) as said
    from pieces
),

-- white space is one space and quotation marks around a quote are no part of it, as where the answer was read; looked at
-- only where the quote does not stand there as it is, because that takes ten times as long
quoted as (
    select
        *,
        case
            when length(said) >= 8 and contains(text, said) then said
            else trim(regexp_replace(said, '[\s\pZ\x{85}\x{1c}-\x{1f}]+', ' ', 'g'), ' "“”«»„''')
        end as quote
    from cited
)

select candidate_id, source, quote
from quoted
where quote = '' or not contains(text, quote)
