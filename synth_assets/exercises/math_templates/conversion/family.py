"""Conversion of units.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.conversion.field import FIELD
from synth_assets.exercises.math_templates.conversion.flow import FLOW
from synth_assets.exercises.math_templates.conversion.plate import PLATE
from synth_assets.exercises.math_templates.conversion.rope import ROPE
from synth_assets.exercises.math_templates.conversion.speed import SPEED
from synth_assets.exercises.math_templates.conversion.tank import TANK
from synth_assets.exercises.math_templates.conversion.timesheet import TIMESHEET

TEMPLATES = (FLOW, SPEED, FIELD, TANK, TIMESHEET, PLATE, ROPE)
