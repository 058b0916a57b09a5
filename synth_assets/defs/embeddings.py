"""Embeddings: the vectors that near copies are found with."""

import dagster as dg

from synth_assets.defs.cell_step import run_stage
from synth_assets.defs.resources import RecipeResource
from synth_assets.defs.table_asset import attributes
from synth_assets.partitions import CELLS
from synth_assets.stages.curation import embed_answers
from synth_assets.warehouse import Warehouse


@dg.asset(partitions_def=CELLS, deps=["answers"], **attributes("embeddings", "curation", "huggingface"))
def embeddings(context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per answered candidate whose exercise compares rows by embedding."""
    return run_stage(context, recipe, warehouse, "embeddings", embed_answers)
