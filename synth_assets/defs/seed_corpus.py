"""The seed corpus: real articles, read from the collections that the recipe names."""

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import attributes, table_metadata
from synth_assets.stages.corpus import read_seeds
from synth_assets.warehouse import Warehouse


@dg.asset(**attributes("seed_corpus", "corpus", "python"))
def seed_corpus(
    context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse
) -> dg.MaterializeResult:
    """One row per article revision that a seed collection has held."""
    with work_of(context, recipe, warehouse) as work:
        report = read_seeds(work)
        metadata = {**report.metadata, **table_metadata(work, "seed_corpus")}
    return dg.MaterializeResult(metadata=metadata, data_version=dg.DataVersion(report.data_version))
