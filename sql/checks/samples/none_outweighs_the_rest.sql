-- Of 1,000 samples or more no exercise makes over 70% and no language over 75%, the caps that users of SYNTH apply.
-- severity: warning
with shares as (
    select 'exercise' as axis, exercise as value, count(*) as samples, 0.70 as cap from samples group by exercise
    union all
    select 'language' as axis, language as value, count(*) as samples, 0.75 as cap from samples group by language
)

select axis, value, samples, round(samples / (select count(*) from samples), 3) as share, cap
from shares
where (select count(*) from samples) >= 1000 and samples > cap * (select count(*) from samples)
