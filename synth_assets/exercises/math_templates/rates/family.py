"""Speeds and rates of work.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.rates.meeting import MEETING

TEMPLATES = (MEETING,)
