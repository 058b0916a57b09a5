"""Contamination: sought before duplicates, so that what is refused for it costs no other row its place."""

import dagster as dg

from synth_assets.defs.cell_step import run_stage
from synth_assets.defs.resources import RecipeResource
from synth_assets.defs.table_asset import attributes
from synth_assets.partitions import CELLS
from synth_assets.stages.contamination import judge_contamination
from synth_assets.warehouse import Warehouse

ABOUT = (
    "Rows that share too much with a benchmark that the recipe names are refused here. Without benchmarks "
    "there are no rows."
)


@dg.asset(
    partitions_def=CELLS, deps=["quality_scores"], **attributes("contamination", "curation", "python", about=ABOUT)
)
def contamination(
    context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse
) -> dg.MaterializeResult:
    """One row per candidate that passed quality and was held against the recipe's benchmarks."""
    return run_stage(context, recipe, warehouse, "contamination", judge_contamination)
