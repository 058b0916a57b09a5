"""Asset checks: one SELECT of sql/checks/<asset>/<check>.sql each, which returns the offending rows.

Rows are whole or not at all, so an offending row is a fault of the program, not of a model: an error. A check of what a
recipe may want all the same says `-- severity: warning` in its second line.
"""

from pathlib import Path

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import markdown
from synth_assets.home import project_file
from synth_assets.warehouse import Warehouse, sql

SHOWN = 10
WARNING = "-- severity: warning"


def _check(path: Path) -> dg.AssetChecksDefinition:
    asset, name = path.parent.name, path.stem
    statement = f"checks/{asset}/{name}"
    severity = dg.AssetCheckSeverity.WARN if WARNING in sql(statement) else dg.AssetCheckSeverity.ERROR
    description = sql(statement).splitlines()[0].removeprefix("--").strip()

    @dg.asset_check(asset=asset, name=name, description=description)
    def check(
        context: dg.AssetCheckExecutionContext, recipe: RecipeResource, warehouse: Warehouse
    ) -> dg.AssetCheckResult:
        with work_of(context, recipe, warehouse) as work:
            offending = work.warehouse.read(statement)
        return dg.AssetCheckResult(
            passed=not offending,
            severity=severity,
            metadata={"offending_rows": len(offending), "first": dg.MetadataValue.md(markdown(offending[:SHOWN]))},
        )

    return check


CHECKS = [_check(path) for path in sorted((project_file("sql") / "checks").glob("*/*.sql"))]
