"""Every template, in the order it was added. Append only: an id is a source of candidates and never changes.

A family's file lists its own templates; a new family is one file and one name here.
"""

from collections.abc import Mapping

from synth_assets.exercises.math_templates import (
    calendar,
    conversion,
    counting,
    finance,
    geometry,
    linear_systems,
    mixtures,
    percentages,
    probability,
    rates,
    ratios,
    sequences,
)
from synth_assets.exercises.math_templates.base import Template

FAMILIES = (
    rates,
    percentages,
    mixtures,
    ratios,
    geometry,
    sequences,
    counting,
    probability,
    calendar,
    conversion,
    linear_systems,
    finance,
)
TEMPLATES: Mapping[str, Template] = {template.id: template for family in FAMILIES for template in family.TEMPLATES}
