"""Asset checks: one SELECT of sql/checks/<asset>/<check>.sql each, which returns the offending rows."""

from pathlib import Path

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import markdown
from synth_assets.home import project_file
from synth_assets.warehouse import Warehouse, sql

SHOWN = 10


def _check(path: Path) -> dg.AssetChecksDefinition:
    asset, name = path.parent.name, path.stem
    statement = f"checks/{asset}/{name}"
    description = sql(statement).splitlines()[0].removeprefix("--").strip()

    @dg.asset_check(asset=asset, name=name, description=description)
    def check(
        context: dg.AssetCheckExecutionContext, recipe: RecipeResource, warehouse: Warehouse
    ) -> dg.AssetCheckResult:
        with work_of(context, recipe, warehouse) as work:
            offending = work.warehouse.read(statement)
        # Rows are whole or not at all, so an offending row is a fault of the program, not of a model: an error.
        return dg.AssetCheckResult(
            passed=not offending,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={"offending_rows": len(offending), "first": dg.MetadataValue.md(markdown(offending[:SHOWN]))},
        )

    return check


CHECKS = [_check(path) for path in sorted((project_file("sql") / "checks").glob("*/*.sql"))]
