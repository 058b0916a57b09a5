-- Every citation of an answer with sources stands in its section or in one of its neighbours, white space aside.
-- severity: warning
-- A sentence may have been taken out between two that are quoted as one, and marks that prompts use are replaced: so a
-- quote that is verbatim in the source as it was shown need not be in the article. That many are not would be a fault.
with pieces as (
    select
        a.candidate_id,
        list_append(c.neighbour_ids, c.section_id) as section_ids,
        unnest(string_split(a.answer, '<ref name="source_')[2:]) as piece
    from answers as a
    join candidates as c using (candidate_id)
    where a.exercise = 'rag' and a.refused_reason is null
),

cited as (
    select candidate_id, section_ids, split_part(substr(piece, instr(piece, '">') + 2), '</ref>', 1) as said
    from pieces
),

quoted as (
    select
        candidate_id,
        section_ids,
        trim(regexp_replace(said, '[\s\pZ\x{85}\x{1c}-\x{1f}]+', ' ', 'g'), ' "“”«»„''') as quote
    from cited
),

-- once for a section, however many rows draw on it
texts as materialized (
    select section_id, regexp_replace(text, '[\s\pZ\x{85}\x{1c}-\x{1f}]+', ' ', 'g') as text
    from sections
    where section_id in (select unnest(section_ids) from cited)
),

shown as (
    select candidate_id, quote, unnest(section_ids) as section_id
    from quoted
    where not contains(quote, '‹')
)

select candidate_id, quote
from shown
left join texts using (section_id)
group by candidate_id, quote
having not coalesce(bool_or(contains(texts.text, quote)), false)
