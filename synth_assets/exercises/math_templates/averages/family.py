"""Means, medians and what follows from them.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.base import Template

TEMPLATES: tuple[Template, ...] = ()
