"""Embeddings: the vectors that near copies are found with."""

import dagster as dg

from synth_assets.defs.cell_step import run_stage
from synth_assets.defs.resources import RecipeResource
from synth_assets.defs.table_asset import ENCODER_POOL, attributes
from synth_assets.partitions import CELLS
from synth_assets.stages.curation import embed_answers
from synth_assets.warehouse import Warehouse

ABOUT = (
    "The vectors of question and answer that near copies are found with. Exercises whose rows are compared by "
    "their exact key need none, and have no rows here."
)


@dg.asset(
    partitions_def=CELLS,
    pool=ENCODER_POOL,
    deps=["answers"],
    **attributes("embeddings", "curation", "huggingface", about=ABOUT),
)
def embeddings(context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per answered candidate whose exercise compares rows by embedding."""
    return run_stage(context, recipe, warehouse, "embeddings", embed_answers)
