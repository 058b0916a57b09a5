"""Arithmetic, geometric and other sequences.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.sequences.bamboo import BAMBOO
from synth_assets.exercises.math_templates.sequences.beads import BEADS
from synth_assets.exercises.math_templates.sequences.culture import CULTURE
from synth_assets.exercises.math_templates.sequences.greetings import GREETINGS
from synth_assets.exercises.math_templates.sequences.messages import MESSAGES
from synth_assets.exercises.math_templates.sequences.seats import SEATS
from synth_assets.exercises.math_templates.sequences.snail import SNAIL

TEMPLATES = (SEATS, CULTURE, MESSAGES, GREETINGS, BAMBOO, SNAIL, BEADS)
