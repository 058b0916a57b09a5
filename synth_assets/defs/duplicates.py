"""Duplicates: sought only among rows that passed quality, so that a bad row never costs its good twin."""

import dagster as dg

from synth_assets.defs.cell_step import run_stage
from synth_assets.defs.resources import RecipeResource
from synth_assets.defs.table_asset import attributes
from synth_assets.partitions import CELLS
from synth_assets.stages.curation import decide_duplicates
from synth_assets.warehouse import Warehouse


@dg.asset(partitions_def=CELLS, deps=["quality_scores"], **attributes("duplicates", "curation", "python"))
def duplicates(context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per candidate that passed quality: kept, or a duplicate of the one that is kept."""
    return run_stage(context, recipe, warehouse, "duplicates", decide_duplicates)
