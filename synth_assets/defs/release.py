"""The release: what other people load."""

from dataclasses import asdict
from typing import Any

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import attributes, markdown, table_metadata
from synth_assets.stages.publish import Publication, publish_release
from synth_assets.warehouse import Warehouse

ABOUT = (
    "Publishes the samples of all cells as an immutable, versioned folder of Parquet files with card and "
    "report. Launch it by the job publish, which runs every check too."
)


@dg.asset(deps=["samples"], **attributes("release", "publication", "parquet", about=ABOUT))
def release(context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per published version of the dataset."""
    with work_of(context, recipe, warehouse) as work:
        made = publish_release(work)
        metadata = {"samples": 0, "new": False} if made is None else _metadata_of(made)
        metadata.update(table_metadata(work, "release"))
        work.warehouse.publish_snapshot(work.home.snapshot)
    return dg.MaterializeResult(metadata=metadata)


def _metadata_of(made: Publication) -> dict[str, Any]:
    """The version, where its files are, and what happened since the release before it."""
    metadata: dict[str, Any] = {
        "version": made.version,
        "samples": made.samples,
        "new": made.new,
        "folder": dg.MetadataValue.path(made.folder),
        "card": dg.MetadataValue.path(made.folder / "README.md"),
        "report": dg.MetadataValue.path(made.folder / "report.html"),
        "splits": dg.MetadataValue.md(markdown([dict(made.splits)])),
        "notation": dg.MetadataValue.md(markdown([asdict(each) for each in made.notation])),
    }
    if made.since:
        metadata["since"] = made.since
    if made.not_compared:
        metadata["not_compared"] = made.not_compared
    if made.comparison is not None:
        metadata["changes"] = dg.MetadataValue.md(markdown([asdict(each) for each in made.comparison.changes]))
        metadata["reasons"] = dg.MetadataValue.md(markdown([asdict(each) for each in made.comparison.reasons]))
    return metadata
