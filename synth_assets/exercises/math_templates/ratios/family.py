"""Ratios and proportional shares.

Every template of the family, in the order it was added: append only.
"""

from synth_assets.exercises.math_templates.ratios.bicycle import BICYCLE
from synth_assets.exercises.math_templates.ratios.chain import CHAIN
from synth_assets.exercises.math_templates.ratios.newcomers import NEWCOMERS
from synth_assets.exercises.math_templates.ratios.plan import PLAN
from synth_assets.exercises.math_templates.ratios.recipe import RECIPE
from synth_assets.exercises.math_templates.ratios.shares import SHARES
from synth_assets.exercises.math_templates.ratios.workers import WORKERS

TEMPLATES = (SHARES, PLAN, RECIPE, WORKERS, BICYCLE, NEWCOMERS, CHAIN)
