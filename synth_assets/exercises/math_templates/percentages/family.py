"""Percentages of changing amounts.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.percentages.discounts import DISCOUNTS
from synth_assets.exercises.math_templates.percentages.election import ELECTION
from synth_assets.exercises.math_templates.percentages.group import GROUP
from synth_assets.exercises.math_templates.percentages.points import POINTS
from synth_assets.exercises.math_templates.percentages.reverse import REVERSE
from synth_assets.exercises.math_templates.percentages.successive import SUCCESSIVE
from synth_assets.exercises.math_templates.percentages.town import TOWN
from synth_assets.exercises.math_templates.percentages.vat import VAT

TEMPLATES = (DISCOUNTS, REVERSE, VAT, POINTS, SUCCESSIVE, GROUP, TOWN, ELECTION)
