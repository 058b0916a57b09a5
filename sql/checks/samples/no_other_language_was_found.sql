-- In no query or answer of a sample another language than its own was found, as surely as the scorer wants by itself.
-- severity: warning
-- A recipe may be content with less: then such rows are what it asked for.
with judged as (
    select s.synth_id, s.language, unnest(q.scores -> '$[*]') as score
    from samples as s
    join quality_scores as q using (candidate_id)
),

details as (
    select synth_id, language, score ->> 'detail' as detail
    from judged
    where (score ->> 'name') = 'language'
),

found as (
    select
        synth_id,
        language,
        detail,
        unnest(regexp_extract_all(detail, '(?:^|; )(?:query|answer): ([a-z]+) [0-9.]+ over [0-9]+ words', 1)) as code,
        unnest(regexp_extract_all(detail, '(?:^|; )(?:query|answer): [a-z]+ ([0-9.]+) over [0-9]+ words', 1)) as sure,
        unnest(regexp_extract_all(detail, '(?:^|; )(?:query|answer): [a-z]+ [0-9.]+ over ([0-9]+) words', 1)) as words
    from details
)

select synth_id, language, code as found_language, detail
from found
where code not in (language, 'nothing') and try_cast(sure as double) >= 0.85 and try_cast(words as integer) >= 12
