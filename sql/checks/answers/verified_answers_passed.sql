-- No answer that goes on bears a check by code that failed: a math result that differs, a quote that is none.
select candidate_id, exercise, checks
from answers
where refused_reason is null and list_contains(checks ->> '$[*].passed', 'false')
