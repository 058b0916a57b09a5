-- No sample failed the look at its language: query and answer in the language it states, the trace in English.
with judged as (
    select s.synth_id, s.language, unnest(q.scores -> '$[*]') as score
    from samples as s
    join quality_scores as q using (candidate_id)
)

select synth_id, language, score ->> 'reason' as reason, score ->> 'detail' as detail
from judged
where (score ->> 'name') = 'language' and (score ->> 'passed') = 'false'
