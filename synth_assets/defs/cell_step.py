"""What every stage of a cell has alike: its result, and the note that calls were made."""

from collections.abc import Callable
from typing import Any

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import table_metadata
from synth_assets.partitions import cell_of
from synth_assets.stages.work import Work
from synth_assets.warehouse import Warehouse

Stage = Callable[[Work, str, str], dict[str, Any]]


def run_stage(
    context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse, table: str, stage: Stage
) -> dg.MaterializeResult:
    """Run a stage on the cell of this run and describe what its table holds then."""
    exercise, language = cell_of(context)
    with work_of(context, recipe, warehouse) as work:
        report = stage(work, exercise, language)
        context.log.info("%s of %s|%s: %s", table, exercise, language, report)
        return cell_result(work, table, exercise, language, report)


def cell_result(work: Work, table: str, exercise: str, language: str, report: dict[str, Any]) -> dg.MaterializeResult:
    """A stage's report, the work that is left in its cell, and the table's counts and preview."""
    with work.warehouse.transaction("counting the work left") as open_:
        left = open_.rows("transforms/cell_counts", exercise=exercise, language=language)[0]["open"]
        cost = open_.rows("audit/cost_of_cell", exercise=exercise, language=language)[0] if "prices" in report else {}
    metadata = {name: value for name, value in report.items() if value is not None}
    metadata["work_left"] = left
    metadata.update(cost)
    metadata.update(table_metadata(work, table, exercise, language))
    return dg.MaterializeResult(asset_key=table, metadata=metadata)


def observe_calls(context: dg.AssetExecutionContext, work: Work) -> None:
    """Note on the asset `model_calls` what this run has called so far, by model."""
    with work.warehouse.transaction("summing up the run's calls") as open_:
        rows = open_.rows("audit/calls_of_run", run_id=work.run_id)
    if rows:
        metadata = {
            "calls": sum(row["calls"] for row in rows),
            "tokens": sum(row["tokens"] for row in rows),
            "cost_usd": float(sum(row["cost_usd"] for row in rows)),
            "by_model": dg.MetadataValue.json(rows),
        }
        context.log_event(dg.AssetObservation(asset_key="model_calls", metadata=metadata))
