-- Withdrawn candidates that would be samples, among those that a release leaves out.
insert into left_out by name
select
    c.candidate_id,
    c.exercise || '_' || c.language || '_' || c.candidate_id[:16] as synth_id,
    c.exercise,
    c.language,
    q.composite as quality,
    'withdrawn' as reason
from candidate_states as c
join quality_scores as q using (candidate_id)
where c.state = 'withdrawn' and c.verdict = 'kept'
