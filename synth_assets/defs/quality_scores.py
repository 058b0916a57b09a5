"""Quality scores: every answered candidate is judged, each verdict with its reason."""

import dagster as dg

from synth_assets.defs.cell_step import run_stage
from synth_assets.defs.resources import RecipeResource
from synth_assets.defs.table_asset import attributes
from synth_assets.partitions import CELLS
from synth_assets.stages.scoring import score_quality
from synth_assets.warehouse import Warehouse

ABOUT = (
    "Every scorer's value and verdict, with the reason of what failed first. New thresholds or weights in the "
    "recipe are applied by the next round."
)


@dg.asset(
    partitions_def=CELLS,
    deps=["embeddings", "judgements"],
    **attributes("quality_scores", "curation", "python", about=ABOUT),
)
def quality_scores(
    context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse
) -> dg.MaterializeResult:
    """One row per answered candidate, with every score, the verdict and its reason."""
    return run_stage(context, recipe, warehouse, "quality_scores", score_quality)
