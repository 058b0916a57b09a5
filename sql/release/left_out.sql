-- Samples that stand in the dataset and are not released, because their cell keeps its best ones alone; $keep_best is a
-- JSON object, exercise -> most samples of each of its languages.
select
    s.candidate_id,
    s.synth_id,
    s.cell as exercise,
    s.language,
    s.quality,
    'beyond_best' as reason
from samples as s
join candidate_states as c on c.candidate_id = s.candidate_id and c.state = 'accepted'
join (select unnest(map_entries(from_json($keep_best::json, '"MAP(VARCHAR, BIGINT)"')), recursive := true)) as kept(exercise, most)
    on kept.exercise = s.cell
qualify row_number() over (partition by s.cell, s.language order by s.quality desc, s.candidate_id) > kept.most
order by s.synth_id
