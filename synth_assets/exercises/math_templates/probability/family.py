"""Probabilities and expected values.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.probability.at_least_one import AT_LEAST_ONE
from synth_assets.exercises.math_templates.probability.exactly_one import EXACTLY_ONE
from synth_assets.exercises.math_templates.probability.members import MEMBERS
from synth_assets.exercises.math_templates.probability.same_colour import SAME_COLOUR
from synth_assets.exercises.math_templates.probability.stall import STALL
from synth_assets.exercises.math_templates.probability.two_wheels import TWO_WHEELS
from synth_assets.exercises.math_templates.probability.urn import URN

TEMPLATES = (URN, TWO_WHEELS, AT_LEAST_ONE, SAME_COLOUR, MEMBERS, STALL, EXACTLY_ONE)
