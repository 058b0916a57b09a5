"""Every template, family after family in the order they were added: an id is a source of candidates and never changes.

One template a file. A family's folder lists its own templates in `family.py`, append only; a new family is one folder
and one name here.
"""

from collections.abc import Mapping

from synth_assets.exercises.math_templates.averages.family import TEMPLATES as AVERAGES
from synth_assets.exercises.math_templates.base import Template
from synth_assets.exercises.math_templates.calendar.family import TEMPLATES as CALENDAR
from synth_assets.exercises.math_templates.conversion.family import TEMPLATES as CONVERSION
from synth_assets.exercises.math_templates.counting.family import TEMPLATES as COUNTING
from synth_assets.exercises.math_templates.divisibility.family import TEMPLATES as DIVISIBILITY
from synth_assets.exercises.math_templates.finance.family import TEMPLATES as FINANCE
from synth_assets.exercises.math_templates.geometry.family import TEMPLATES as GEOMETRY
from synth_assets.exercises.math_templates.linear_systems.family import TEMPLATES as LINEAR_SYSTEMS
from synth_assets.exercises.math_templates.mixtures.family import TEMPLATES as MIXTURES
from synth_assets.exercises.math_templates.percentages.family import TEMPLATES as PERCENTAGES
from synth_assets.exercises.math_templates.probability.family import TEMPLATES as PROBABILITY
from synth_assets.exercises.math_templates.rates.family import TEMPLATES as RATES
from synth_assets.exercises.math_templates.ratios.family import TEMPLATES as RATIOS
from synth_assets.exercises.math_templates.sequences.family import TEMPLATES as SEQUENCES

FAMILIES = (
    RATES,
    PERCENTAGES,
    MIXTURES,
    RATIOS,
    GEOMETRY,
    SEQUENCES,
    COUNTING,
    PROBABILITY,
    CALENDAR,
    CONVERSION,
    LINEAR_SYSTEMS,
    FINANCE,
    AVERAGES,
    DIVISIBILITY,
)
TEMPLATES: Mapping[str, Template] = {template.id: template for family in FAMILIES for template in family}
