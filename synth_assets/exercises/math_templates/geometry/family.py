"""Lengths and areas.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.geometry.basin import BASIN
from synth_assets.exercises.math_templates.geometry.border import BORDER
from synth_assets.exercises.math_templates.geometry.fence import FENCE
from synth_assets.exercises.math_templates.geometry.lamp import LAMP
from synth_assets.exercises.math_templates.geometry.shortcut import SHORTCUT
from synth_assets.exercises.math_templates.geometry.tiles import TILES
from synth_assets.exercises.math_templates.geometry.trapezium import TRAPEZIUM

TEMPLATES = (BORDER, FENCE, BASIN, SHORTCUT, LAMP, TRAPEZIUM, TILES)
