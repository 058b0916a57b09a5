"""Duplicates: sought only among rows that passed quality, so that a bad row never costs its good twin."""

import dagster as dg

from synth_assets.defs.cell_step import run_stage
from synth_assets.defs.checks import SHOWN
from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import attributes, markdown
from synth_assets.partitions import CELLS
from synth_assets.stages.duplicates import decide_duplicates, find_kept_pairs
from synth_assets.warehouse import Warehouse

ABOUT = (
    "Of rows that say the same the best is kept. When its keeper is withdrawn or superseded, the next best "
    "takes its place."
)


@dg.asset(partitions_def=CELLS, deps=["contamination"], **attributes("duplicates", "curation", "python", about=ABOUT))
def duplicates(context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per candidate that passed quality: kept, or a duplicate of the one that is kept."""
    return run_stage(context, recipe, warehouse, "duplicates", decide_duplicates)


@dg.asset_check(
    asset="duplicates",
    name="kept_rows_differ",
    description="No two kept rows of a family and language match, compared without an index; of many rows a sample.",
)
def kept_rows_differ(
    context: dg.AssetCheckExecutionContext, recipe: RecipeResource, warehouse: Warehouse
) -> dg.AssetCheckResult:
    """An error where a pair matches; a warning where a group is too large to be compared as a whole."""
    with work_of(context, recipe, warehouse) as work:
        found = find_kept_pairs(work)
    return dg.AssetCheckResult(
        passed=not found["pairs"] and not found["in_part"],
        severity=dg.AssetCheckSeverity.ERROR if found["pairs"] else dg.AssetCheckSeverity.WARN,
        metadata={
            "offending_rows": len(found["pairs"]),
            "first": dg.MetadataValue.md(markdown(found["pairs"][:SHOWN])),
            "rows_compared_with_all": found["compared"],
            "rows_of_groups_compared_in_part": found["in_part"],
        },
    )
