-- Every sample says the draw that shaped it, which SYNTH leaves blank for nine rows in ten.
select synth_id, exercise
from samples
where coalesce(trim(constraints), '') = ''
