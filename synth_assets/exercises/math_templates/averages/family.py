"""Means, medians and what follows from them.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.averages.needed import NEEDED
from synth_assets.exercises.math_templates.averages.replaced import REPLACED
from synth_assets.exercises.math_templates.averages.weights import WEIGHTS

TEMPLATES = (NEEDED, REPLACED, WEIGHTS)
