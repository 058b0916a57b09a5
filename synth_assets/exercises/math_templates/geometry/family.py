"""Lengths and areas.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.geometry.border import BORDER

TEMPLATES = (BORDER,)
