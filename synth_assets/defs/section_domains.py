"""Section domains: which subject of the recipe's tree each section belongs to."""

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import ENCODER_POOL, attributes, figures, table_metadata
from synth_assets.stages.domains import tag_sections
from synth_assets.warehouse import Warehouse

ABOUT = (
    "Gives every section the domain whose description it is nearest to, where the recipe has a tree of them: the "
    "packaged one, your own, or one that a model proposes. Only what has no tag of this tree is tagged."
)


@dg.asset(
    deps=["sections", "section_embeddings"], pool=ENCODER_POOL,
    **attributes("section_domains", "corpus", "huggingface", about=ABOUT),
)  # fmt: skip
def section_domains(
    context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse
) -> dg.MaterializeResult:
    """One row per section and tree of domains."""
    with work_of(context, recipe, warehouse) as work:
        report = tag_sections(work)
        metadata = {**figures(report.metadata), **table_metadata(work, "section_domains")}
    return dg.MaterializeResult(metadata=metadata, data_version=dg.DataVersion(report.data_version or "no domains"))
