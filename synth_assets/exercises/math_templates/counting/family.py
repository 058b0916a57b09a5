"""Counting selections, arrangements and ways.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.counting.codes import CODES
from synth_assets.exercises.math_templates.counting.committee import COMMITTEE
from synth_assets.exercises.math_templates.counting.detours import DETOURS
from synth_assets.exercises.math_templates.counting.handouts import HANDOUTS
from synth_assets.exercises.math_templates.counting.menus import MENUS

TEMPLATES = (COMMITTEE, MENUS, CODES, DETOURS, HANDOUTS)
