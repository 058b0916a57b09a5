"""The seed corpus: real articles, read from the collections that the recipe names."""

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import attributes, figures, table_metadata
from synth_assets.stages.corpus import read_seeds
from synth_assets.warehouse import Warehouse

ABOUT = (
    "The first stage. Reads the collections that the recipe names, file by file; a file that has not changed "
    "is skipped, and a record that cannot be read is counted with its reason. Launch it with sections by the "
    "job ingest, or let the sensor new_seed_files do it."
)


@dg.asset(**attributes("seed_corpus", "corpus", "python", about=ABOUT))
def seed_corpus(
    context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse
) -> dg.MaterializeResult:
    """One row per article revision that a seed collection has held."""
    with work_of(context, recipe, warehouse) as work:
        report = read_seeds(work)
        metadata = {**figures(report.metadata), **table_metadata(work, "seed_corpus")}
    return dg.MaterializeResult(metadata=metadata, data_version=dg.DataVersion(report.data_version))
