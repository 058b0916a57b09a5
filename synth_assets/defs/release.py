"""The release: what other people load."""

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import attributes, markdown, table_metadata
from synth_assets.stages.publish import publish_release
from synth_assets.warehouse import Warehouse


@dg.asset(deps=["samples"], **attributes("release", "publication", "parquet"))
def release(context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per published version of the dataset."""
    with work_of(context, recipe, warehouse) as work:
        report = publish_release(work)
        notation = report.pop("notation")
        metadata = {name: value for name, value in report.items() if value is not None}
        metadata["notation"] = dg.MetadataValue.md(markdown(notation))
        metadata.update(table_metadata(work, "release"))
        work.warehouse.publish_snapshot(work.home.snapshot)
    return dg.MaterializeResult(metadata=metadata)
