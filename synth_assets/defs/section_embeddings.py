"""Section embeddings: the vectors that neighbour paragraphs are found with."""

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import attributes, table_metadata
from synth_assets.stages.corpus import embed_pool
from synth_assets.warehouse import Warehouse


@dg.asset(deps=["sections"], **attributes("section_embeddings", "corpus", "huggingface"))
def section_embeddings(
    context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse
) -> dg.MaterializeResult:
    """One row per section text of the pool and encoder."""
    with work_of(context, recipe, warehouse) as work:
        report = embed_pool(work)
        metadata = {**report.metadata, **table_metadata(work, "section_embeddings")}
    return dg.MaterializeResult(metadata=metadata, data_version=dg.DataVersion(report.data_version))
