"""Every template, in the order it was added. Append only: an id is a source of candidates and never changes.

A family's file lists its own templates; a new family is one file and one name here.
"""

from collections.abc import Mapping

from synth_assets.exercises.math_templates import rates
from synth_assets.exercises.math_templates.base import Template

TEMPLATES: Mapping[str, Template] = {template.id: template for family in (rates,) for template in family.TEMPLATES}
