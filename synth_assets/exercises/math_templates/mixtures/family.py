"""Mixtures.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.mixtures.alloy import ALLOY
from synth_assets.exercises.math_templates.mixtures.bath import BATH
from synth_assets.exercises.math_templates.mixtures.blend import BLEND
from synth_assets.exercises.math_templates.mixtures.dilution import DILUTION
from synth_assets.exercises.math_templates.mixtures.drying import DRYING
from synth_assets.exercises.math_templates.mixtures.juice import JUICE
from synth_assets.exercises.math_templates.mixtures.replacing import REPLACING

TEMPLATES = (JUICE, DILUTION, ALLOY, BLEND, DRYING, REPLACING, BATH)
