-- What a judged row was held against.
select thresholds, weights, composite_threshold
from quality_standards
where scorer_version = $scorer_version and weighed_by = $weighed_by
