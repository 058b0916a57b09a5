"""Conversion of units.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.conversion.flow import FLOW

TEMPLATES = (FLOW,)
