"""Candidates and queries: a round is claimed and planned, then every open candidate is given its query."""

import dagster as dg
from pydantic import Field

from synth_assets.defs.cell_step import cell_result, observe_calls
from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.defs.table_asset import attributes
from synth_assets.partitions import CELLS, cell_of
from synth_assets.stages.steps import carry_step, plan_round
from synth_assets.warehouse import Warehouse


class RoundConfig(dg.Config):
    """What one launch of a cell asks for."""

    rows: int | None = Field(
        default=None,
        gt=0,
        description="Accepted rows this cell should have in all. Empty takes the recipe's. A launch is one round: it "
        "carries open candidates on and adds what is missing, within the recipe's caps.",
    )


@dg.multi_asset(
    name="queries",
    partitions_def=CELLS,
    specs=[
        dg.AssetSpec("candidates", deps=["sections", "section_embeddings"], **attributes("candidates", "generation")),
        dg.AssetSpec("queries", deps=["candidates"], **attributes("queries", "generation", "llm")),
    ],
)
def queries(
    context: dg.AssetExecutionContext, config: RoundConfig, recipe: RecipeResource, warehouse: Warehouse
) -> tuple[dg.MaterializeResult, dg.MaterializeResult]:
    """One row per planned sample, and one row per query an exercise asks."""
    exercise, language = cell_of(context)
    with work_of(context, recipe, warehouse) as work:
        planned = plan_round(work, exercise, language, config.rows)
        context.log.info("round of %s|%s: %s", exercise, language, planned)
        asked = carry_step(work, exercise, language, "queries")
        observe_calls(context, work)
        return (
            cell_result(work, "candidates", exercise, language, planned),
            cell_result(work, "queries", exercise, language, asked),
        )
