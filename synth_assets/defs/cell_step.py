"""What every stage of a cell has alike: its result, and the note that calls were made."""

from collections.abc import Callable
from typing import Any

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import figures, table_metadata
from synth_assets.partitions import cell_of
from synth_assets.stages.settling import live_states
from synth_assets.stages.work import Work
from synth_assets.warehouse import Warehouse

# Whose steps ask models, and which assets tell how their whole cell stands.
ASKING = frozenset({"queries", "reasoning_drafts", "answers", "judgements"})
SUMMING_UP = frozenset({"candidates", "samples"})

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
    with work.warehouse.reading("counting the work left") as open_:
        with live_states(open_, checked=False):
            counts = open_.rows("transforms/cell_counts", exercise=exercise, language=language)[0]
        cost = open_.rows("audit/cost_of_cell", exercise=exercise, language=language)[0] if "prices" in report else {}
    # a step that had nothing to ask spent nothing, and its plot says so
    metadata: dict[str, Any] = {"calls": 0, "tokens": 0, "cost_usd": 0.0} if table in ASKING else {}
    metadata.update(figures(report))
    metadata["work_left"] = counts["open"]
    if table in SUMMING_UP:
        metadata.update({f"cell_{state}": counts[state] for state in ("planned", "accepted", "refused", "duplicate")})
    metadata.update(cost)
    metadata.update(table_metadata(work, table, exercise, language))
    return dg.MaterializeResult(asset_key=table, metadata=metadata)


def observe_calls(context: dg.AssetExecutionContext | dg.OpExecutionContext, work: Work) -> None:
    """Note on the asset `model_calls` what this run has called so far, by model."""
    with work.warehouse.reading("summing up the run's calls") as open_:
        rows = open_.rows("audit/calls_of_run", run_id=work.run_id)
    if rows:
        metadata = {
            "calls": sum(row["calls"] for row in rows),
            "tokens": sum(row["tokens"] for row in rows),
            "cost_usd": float(sum(row["cost_usd"] for row in rows)),
            "by_model": dg.MetadataValue.json(rows),
        }
        context.log_event(dg.AssetObservation(asset_key="model_calls", metadata=metadata))
