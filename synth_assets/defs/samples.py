"""Samples: the accepted rows, with SYNTH's 14 columns and the ids that lead back."""

import dagster as dg

from synth_assets.defs.cell_step import run_stage
from synth_assets.defs.resources import RecipeResource
from synth_assets.defs.table_asset import attributes
from synth_assets.partitions import CELLS
from synth_assets.stages.curation import make_samples
from synth_assets.warehouse import Warehouse

ABOUT = (
    "The product: the accepted rows of the cell, with SYNTH's columns. The metadata says how the cell stands "
    "and what is left to do (work_left)."
)


@dg.asset(partitions_def=CELLS, deps=["duplicates"], **attributes("samples", "publication", "polars", about=ABOUT))
def samples(context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per accepted candidate, as it is published."""
    return run_stage(context, recipe, warehouse, "samples", make_samples)
