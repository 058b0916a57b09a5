"""Asset checks: one SELECT of sql/checks/<asset>/<check>.sql each, which returns the offending rows; and what only code
can check, the functions of `stages/checking.py`.

Severity. Rows are whole or not at all, so an offending row is a fault of the program, not of a model: an error. What a
recipe or a person may want all the same (a share, an age, a budget that was lowered afterwards) says
`-- severity: warning`.

Blocking. A release can never be changed, so it waits for the checks that say `-- blocking`, and is not made when one of
them fails: those of what would stand in it and may not. It leaves out by itself what is not accepted, so that samples
which stand twice are what remains. All other checks stop nothing: they look at rows that a later stage refuses, or that
are still of use, and a night's work is not held up for one of them.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import markdown
from synth_assets.home import project_file
from synth_assets.stages.checking import (
    EXACT,
    UNREAD_FOR,
    UNTOUCHED_FOR,
    cells_left_waiting,
    last_readings,
    overspending,
    verify_again,
)
from synth_assets.stages.work import Work, now
from synth_assets.warehouse import Warehouse, sql, table_names

SHOWN = 10
WARNING = "-- severity: warning"
BLOCKING = "-- blocking"
TABLE_ASSETS = (
    "seed_corpus", "sections", "section_embeddings", "section_domains", "candidates", "queries", "reasoning_drafts",
    "answers", "embeddings", "judgements", "quality_scores", "contamination", "duplicates", "samples", "release",
)  # fmt: skip
# Of a table that is no asset, the one that it stands beside; those that are not named here stand beside candidates.
BESIDE = {"seed_sources": "seed_corpus", "lexical_signatures": "duplicates", "chunk_embeddings": "duplicates",
          "left_out": "release", "quality_standards": "quality_scores"}  # fmt: skip

Looking = Callable[[dg.AssetCheckExecutionContext, Work], dg.AssetCheckResult]


def _check(path: Path) -> dg.AssetChecksDefinition:
    asset, name = path.parent.name, path.stem
    statement = f"checks/{asset}/{name}"
    lines = sql(statement).splitlines()
    severity = dg.AssetCheckSeverity.WARN if WARNING in lines else dg.AssetCheckSeverity.ERROR

    def look(context: dg.AssetCheckExecutionContext, work: Work) -> dg.AssetCheckResult:
        return result_of(work.warehouse.read(statement), severity)

    return _looking(asset, name, lines[0].removeprefix("--").strip(), look, blocking=BLOCKING in lines)


def result_of(offending: list[dict[str, Any]], severity: dg.AssetCheckSeverity, **more: Any) -> dg.AssetCheckResult:
    """Passed where nothing offends; else with the number of rows and the first of them."""
    return dg.AssetCheckResult(
        passed=not offending,
        severity=severity,
        metadata={
            "offending_rows": len(offending),
            "first": dg.MetadataValue.md(markdown(offending[:SHOWN])),
            **more,
        },
    )


def _looking(
    asset: str, name: str, description: str, look: Looking, *, blocking: bool = False
) -> dg.AssetChecksDefinition:
    @dg.asset_check(asset=asset, name=name, description=description, blocking=blocking)
    def check(
        context: dg.AssetCheckExecutionContext, recipe: RecipeResource, warehouse: Warehouse
    ) -> dg.AssetCheckResult:
        with work_of(context, recipe, warehouse) as work:
            return look(context, work)

    return check


@dg.multi_asset_check(
    name="columns_are_as_stated",
    specs=[
        dg.AssetCheckSpec(
            asset=asset,
            name="columns_are_as_stated",
            description="The table, and those beside it, have the columns and types that sql/tables says.",
        )
        for asset in TABLE_ASSETS
    ],
    can_subset=True,
)
def columns_are_as_stated(
    context: dg.AssetCheckExecutionContext, recipe: RecipeResource, warehouse: Warehouse
) -> Iterator[dg.AssetCheckResult]:
    """An error: every statement trusts the columns. The catalogue is read once for all tables."""
    with work_of(context, recipe, warehouse) as work:
        unlike = work.warehouse.unlike_ddl()
    for key in context.selected_asset_check_keys:
        asset = key.asset_key.to_user_string()
        tables = {table for table in (*table_names(), *(row["table"] for row in unlike)) if _asset_of(table) == asset}
        result = result_of([row for row in unlike if row["table"] in tables], dg.AssetCheckSeverity.ERROR)
        yield result._replace(asset_key=key.asset_key, check_name=key.name)


def _asset_of(table: str) -> str:
    return table if table in TABLE_ASSETS else BESIDE.get(table, "candidates")


def _results_hold(context: dg.AssetCheckExecutionContext, work: Work) -> dg.AssetCheckResult:
    found = verify_again(work)
    # an exact result that fails is wrong; what others verify may have become stricter since
    wrong = any(row["exercise"] in EXACT for row in found["failed"])
    severity = dg.AssetCheckSeverity.ERROR if wrong else dg.AssetCheckSeverity.WARN
    return result_of(found["failed"], severity, verified=found["verified"], passed_over=found["passed_over"])


def _no_cell_waits(context: dg.AssetCheckExecutionContext, work: Work) -> dg.AssetCheckResult:
    # a warning: the rows that are there are right, only nobody goes on with the others
    return result_of(cells_left_waiting(work), dg.AssetCheckSeverity.WARN)


def _seeds_were_read(context: dg.AssetCheckExecutionContext, work: Work) -> dg.AssetCheckResult:
    """When `seed_corpus` was materialized last, whether or not it found anything new.

    Dagster's own `FreshnessPolicy` is no preview any more, and says the same of one asset, but only where the daemon
    runs: a project that is run by command has none. Nor can it say which cells have work left.
    """
    readings = last_readings(work)
    event = context.instance.get_latest_materialization_event(dg.AssetKey("seed_corpus"))
    looked = [] if event is None else [datetime.fromtimestamp(event.timestamp, UTC)]
    looked += [read_at for read_at in readings.values() if read_at is not None]  # read without Dagster
    last = max(looked, default=None)
    stale = last is None or last < now() - UNREAD_FOR
    offending = [{"collection": name, "last_new": read_at} for name, read_at in readings.items() if stale]
    more = {} if last is None else {"last_read": dg.MetadataValue.timestamp(last)}
    return result_of(offending, dg.AssetCheckSeverity.WARN, **more)


def _within_budget(context: dg.AssetCheckExecutionContext, work: Work) -> dg.AssetCheckResult:
    # a warning: the engine sets the most that a call can take aside before it asks, so that more is spent only where
    # the budget was lowered, or an endpoint took more than it was asked for; the rows are as good as they were
    found = overspending(work)
    return result_of(
        found["over"], dg.AssetCheckSeverity.WARN, limits=dg.MetadataValue.md(markdown(found["limits"])),
        calls_without_a_price=found["unpriced"],
    )  # fmt: skip


BY_CODE = [
    _looking(
        "answers", "results_hold",
        "Some samples of every cell, verified by their exercise's code once more: math results, citations, options.",
        _results_hold,
    ),
    _looking(
        "candidates", "no_cell_waits",
        f"No cell of the recipe has open candidates and nothing written for {UNTOUCHED_FOR.days} days.",
        _no_cell_waits,
    ),
    _looking(
        "seed_corpus", "seeds_were_read",
        f"The seed collections were looked at within {UNREAD_FOR.days} days.",
        _seeds_were_read,
    ),
    _looking(
        "answers", "within_budget",
        "What the recipe's calls took, in all and today, is within its budget.",
        _within_budget,
    ),
]  # fmt: skip

CHECKS = [
    *(_check(path) for path in sorted((project_file("sql") / "checks").glob("*/*.sql"))),
    columns_are_as_stated,
    *BY_CODE,
]
