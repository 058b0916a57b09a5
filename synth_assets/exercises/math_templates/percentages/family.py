"""Percentages of changing amounts.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.percentages.discounts import DISCOUNTS

TEMPLATES = (DISCOUNTS,)
