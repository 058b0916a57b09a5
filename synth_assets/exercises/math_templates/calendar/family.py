"""Dates, clocks, and what comes round again.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.calendar.cycles import CYCLES
from synth_assets.exercises.math_templates.calendar.days import DAYS
from synth_assets.exercises.math_templates.calendar.flights import FLIGHTS
from synth_assets.exercises.math_templates.calendar.leaps import LEAPS
from synth_assets.exercises.math_templates.calendar.overnight import OVERNIGHT
from synth_assets.exercises.math_templates.calendar.rehearsals import REHEARSALS

TEMPLATES = (DAYS, OVERNIGHT, FLIGHTS, CYCLES, REHEARSALS, LEAPS)
