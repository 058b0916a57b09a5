"""Two linear equations in two unknowns.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.linear_systems.tickets import TICKETS

TEMPLATES = (TICKETS,)
