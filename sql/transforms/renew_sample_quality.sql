-- The composite on the samples of the cell, where it is another now.
update samples
set quality = s.composite
from quality_scores as s
where
    samples.candidate_id = s.candidate_id
    and samples.cell = $exercise
    and samples.language = $language
    and samples.quality <> s.composite
