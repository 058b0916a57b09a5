"""Linear equations in two or three unknowns.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.linear_systems.ages import AGES
from synth_assets.exercises.math_templates.linear_systems.breakfast import BREAKFAST
from synth_assets.exercises.math_templates.linear_systems.herds import HERDS
from synth_assets.exercises.math_templates.linear_systems.quotient import QUOTIENT
from synth_assets.exercises.math_templates.linear_systems.tickets import TICKETS
from synth_assets.exercises.math_templates.linear_systems.weighings import WEIGHINGS

TEMPLATES = (TICKETS, AGES, QUOTIENT, WEIGHINGS, HERDS, BREAKFAST)
