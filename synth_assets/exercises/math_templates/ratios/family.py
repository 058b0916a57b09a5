"""Ratios and proportional shares.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.ratios.shares import SHARES

TEMPLATES = (SHARES,)
