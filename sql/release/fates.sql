-- What became of the candidates that are named, in words.
select
    s.candidate_id,
    case s.state
        when 'refused' then 'refused: ' || s.refused_reason
        when 'duplicate' then 'duplicate' || coalesce(': ' || u.method, '')
        when 'withdrawn' then 'withdrawn: ' || w.reason
        when 'accepted' then case
            when l.candidate_id is not null then 'left out: ' || l.reason
            when s.replaces is null then 'accepted'
            else 'accepted in place of an earlier one'
        end
        else s.state
    end as fate
from candidate_states as s
left join duplicates as u using (candidate_id)
left join left_out as l using (candidate_id)
left join (select candidate_id, min(reason) as reason from withdrawals group by candidate_id) as w using (candidate_id)
where s.candidate_id in (select unnest($candidate_ids))
