"""Judgements: what a language model gives answered candidates, where the recipe has a judge."""

import dagster as dg

from synth_assets.defs.cell_step import cell_result, observe_calls
from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import MODEL_POOL, attributes
from synth_assets.partitions import CELLS, cell_of
from synth_assets.stages.judging import judge_answers
from synth_assets.warehouse import Warehouse

ABOUT = (
    "What a language model gives a row by a rubric, for the share of rows that the recipe has judged; without "
    "a judge in the recipe there are none."
)


@dg.asset(
    partitions_def=CELLS, pool=MODEL_POOL, deps=["answers"], **attributes("judgements", "curation", "llm", about=ABOUT)
)
def judgements(context: dg.AssetExecutionContext, recipe: RecipeResource, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per candidate that a language model was asked to judge: its points, or why its reply gave none."""
    exercise, language = cell_of(context)
    with work_of(context, recipe, warehouse) as work:
        report = judge_answers(work, exercise, language)
        context.log.info("judgements of %s|%s: %s", exercise, language, report)
        if work.recipe.judge is not None:
            observe_calls(context, work)
        return cell_result(work, "judgements", exercise, language, report)
