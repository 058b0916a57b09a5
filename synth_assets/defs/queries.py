"""Candidates and queries: a round is claimed and planned, then every open candidate is given its query."""

import dagster as dg
from pydantic import Field

from synth_assets.defs.cell_step import cell_result, observe_calls
from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import MODEL_POOL, attributes
from synth_assets.partitions import CELLS, cell_of
from synth_assets.stages.steps import carry_step, plan_round
from synth_assets.warehouse import Warehouse

ABOUT_CANDIDATES = (
    "Each launch of a cell is one round: it plans as many candidates as the cell is short of, each with its "
    "section and its draw of constraints. Launch configuration stands at the op queries."
)

ABOUT_QUERIES = (
    "The model, or a program, asks the question of every open candidate. A refused one keeps its row and its "
    "reason. Launch configuration: rows (accepted rows of the cell) and force; the budget stands at the "
    "resource recipe."
)


class RoundConfig(dg.Config):
    """What one launch of a cell asks for; a launch is one round.

    A round carries every open candidate of the cell on, and plans what is missing, within the recipe's caps. The
    defaults do what the recipe says. What may be spent stands at the resource `recipe`.
    """

    rows: int | None = Field(
        default=None,
        gt=0,
        description="Accepted rows that this cell should have in all (not: rows to add). Empty takes the recipe's; a "
        "cell that the recipe does not name needs a number here. Launch again while work_left is above 0.",
    )
    force: bool = Field(
        default=False,
        description="Try again what a step of this cell refused (not: what quality, benchmarks or duplicates ruled "
        "out), also where the target is met. Where prompt, model and parameters are unchanged, the stored replies are "
        "replayed and nothing is spent; after a change of them, or with more attempts in the recipe, models are asked "
        "anew. Accepted rows stay; a new version of the exercise replaces those.",
    )


@dg.multi_asset(
    name="queries",
    partitions_def=CELLS,
    pool=MODEL_POOL,
    specs=[
        dg.AssetSpec(
            "candidates",
            deps=["sections", "section_embeddings"],
            **attributes("candidates", "generation", about=ABOUT_CANDIDATES),
        ),
        dg.AssetSpec("queries", deps=["candidates"], **attributes("queries", "generation", "llm", about=ABOUT_QUERIES)),
    ],
)
def queries(
    context: dg.AssetExecutionContext, config: RoundConfig, recipe: RecipeResource, warehouse: Warehouse
) -> tuple[dg.MaterializeResult, dg.MaterializeResult]:
    """One row per planned sample, and one row per query an exercise asks."""
    exercise, language = cell_of(context)
    with work_of(context, recipe, warehouse) as work:
        planned = plan_round(work, exercise, language, config.rows, force=config.force)
        context.log.info("round of %s|%s: %s", exercise, language, planned)
        plan = cell_result(work, "candidates", exercise, language, planned)
        asked = carry_step(work, exercise, language, "queries")
        observe_calls(context, work)
        return plan, cell_result(work, "queries", exercise, language, asked)
