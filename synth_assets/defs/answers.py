"""Answers: closed-book, in the cell's language, verified by code as they are read."""

import dagster as dg

from synth_assets.defs.cell_step import cell_result, observe_calls
from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import MODEL_POOL, attributes
from synth_assets.partitions import CELLS, cell_of
from synth_assets.stages.steps import carry_step
from synth_assets.warehouse import Warehouse

ABOUT = "The answer in the cell's language, verified by code as it is read: results, citations, format."


@dg.asset(
    partitions_def=CELLS,
    pool=MODEL_POOL,
    deps=["reasoning_drafts"],
    **attributes("answers", "generation", "llm", about=ABOUT),
)
def answers(context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per answer to a query, or per candidate refused at this step with its reason."""
    exercise, language = cell_of(context)
    with work_of(context, recipe, warehouse) as work:
        report = carry_step(work, exercise, language, "answers")
        context.log.info("answers of %s|%s: %s", exercise, language, report)
        observe_calls(context, work)
        return cell_result(work, "answers", exercise, language, report)
