"""Counting selections.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.counting.committee import COMMITTEE

TEMPLATES = (COMMITTEE,)
