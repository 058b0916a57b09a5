"""Days between dates.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.calendar.days import DAYS

TEMPLATES = (DAYS,)
