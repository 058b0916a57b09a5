"""Divisors, multiples, remainders and digits.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.divisibility.multiples import MULTIPLES
from synth_assets.exercises.math_templates.divisibility.parcels import PARCELS
from synth_assets.exercises.math_templates.divisibility.remainder import REMAINDER

TEMPLATES = (PARCELS, REMAINDER, MULTIPLES)
