"""Reasoning drafts: the trace in SYNTH's notation, always in English."""

import dagster as dg

from synth_assets.defs.cell_step import cell_result, observe_calls
from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import MODEL_POOL, attributes
from synth_assets.partitions import CELLS, cell_of
from synth_assets.stages.steps import carry_step
from synth_assets.warehouse import Warehouse

ABOUT = (
    "The trace that leads from the question to the answer, in SYNTH's notation, in English whatever the "
    "cell's language."
)


@dg.asset(
    partitions_def=CELLS,
    pool=MODEL_POOL,
    deps=["queries"],
    **attributes("reasoning_drafts", "generation", "llm", about=ABOUT),
)
def reasoning_drafts(
    context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse
) -> dg.MaterializeResult:
    """One row per reasoning trace written for a query, or per candidate refused at this step with its reason."""
    exercise, language = cell_of(context)
    with work_of(context, recipe, warehouse) as work:
        report = carry_step(work, exercise, language, "reasoning_drafts")
        context.log.info("reasoning_drafts of %s|%s: %s", exercise, language, report)
        observe_calls(context, work)
        return cell_result(work, "reasoning_drafts", exercise, language, report)
