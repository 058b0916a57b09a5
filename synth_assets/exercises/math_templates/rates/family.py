"""Speeds and rates of work.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.rates.current import CURRENT
from synth_assets.exercises.math_templates.rates.fuel import FUEL
from synth_assets.exercises.math_templates.rates.meeting import MEETING
from synth_assets.exercises.math_templates.rates.overtaking import OVERTAKING
from synth_assets.exercises.math_templates.rates.pipes import PIPES
from synth_assets.exercises.math_templates.rates.reading import READING
from synth_assets.exercises.math_templates.rates.round_trip import ROUND_TRIP
from synth_assets.exercises.math_templates.rates.workers import WORKERS

TEMPLATES = (MEETING, OVERTAKING, ROUND_TRIP, WORKERS, PIPES, FUEL, READING, CURRENT)
