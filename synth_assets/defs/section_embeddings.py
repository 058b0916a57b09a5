"""Section embeddings: the vectors that neighbour paragraphs are found with."""

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import ENCODER_POOL, attributes, figures, table_metadata
from synth_assets.stages.corpus import embed_pool
from synth_assets.warehouse import Warehouse

ABOUT = (
    "Embeds the sections that the recipe draws from, once a text, so that a section's neighbours can be "
    "found. Only what is new is embedded."
)


@dg.asset(
    deps=["sections"], pool=ENCODER_POOL, **attributes("section_embeddings", "corpus", "huggingface", about=ABOUT)
)
def section_embeddings(
    context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse
) -> dg.MaterializeResult:
    """One row per section text of the pool and encoder."""
    with work_of(context, recipe, warehouse) as work:
        report = embed_pool(work)
        metadata = {**figures(report.metadata), **table_metadata(work, "section_embeddings")}
    return dg.MaterializeResult(metadata=metadata, data_version=dg.DataVersion(report.data_version))
