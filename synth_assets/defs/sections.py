"""Sections: what candidates are made from."""

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import attributes, figures, table_metadata
from synth_assets.stages.corpus import cut_sections
from synth_assets.warehouse import Warehouse

ABOUT = (
    "Cuts every article that is new into sections. Copies and sections in another language than stated keep "
    "their row with the reason, and nothing is drawn from them."
)


@dg.asset(deps=["seed_corpus"], **attributes("sections", "corpus", "python", about=ABOUT))
def sections(context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per section of an article revision, kept or refused with its reason."""
    with work_of(context, recipe, warehouse) as work:
        report = cut_sections(work)
        metadata = {**figures(report.metadata), **table_metadata(work, "sections")}
    return dg.MaterializeResult(metadata=metadata, data_version=dg.DataVersion(report.data_version))
