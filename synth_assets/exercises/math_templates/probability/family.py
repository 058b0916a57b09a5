"""Probabilities as fractions.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.probability.urn import URN

TEMPLATES = (URN,)
