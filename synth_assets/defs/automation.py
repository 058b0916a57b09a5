"""Jobs and the schedule: what is launched together, and which cells a tick requests."""

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of_tick
from synth_assets.exercises import EXERCISES
from synth_assets.partitions import cell_key
from synth_assets.stages.steps import work_left
from synth_assets.warehouse import Warehouse

CELL_ASSETS = (
    "candidates", "queries", "reasoning_drafts", "answers", "embeddings", "judgements",
    "quality_scores", "contamination", "duplicates", "samples",
)  # fmt: skip


def _without_checks(*names: str) -> dg.AssetSelection:
    """Checks read whole tables, so they do not run with every cell; the job `publish` runs them all."""
    return dg.AssetSelection.assets(*names).without_checks()


ingest = dg.define_asset_job(
    "ingest",
    selection=_without_checks("seed_corpus", "sections"),
    description="Reads what changed in the seed collections and cuts it into sections.",
)

embed = dg.define_asset_job(
    "embed_sections",
    selection=_without_checks("section_embeddings"),
    description="Embeds the sections of the pool that have no vector yet.",
)

cell_round = dg.define_asset_job(
    "cell_round",
    selection=_without_checks(*CELL_ASSETS),
    description="One round of one cell: carries its open candidates through every stage and adds what is missing.",
)

publish = dg.define_asset_job(
    "publish",
    selection=dg.AssetSelection.assets("release") | dg.AssetSelection.all_asset_checks(),
    description="Publishes the accepted samples as an immutable, versioned folder of files, and runs every check.",
)


@dg.schedule(
    job=cell_round,
    cron_schedule="0 2 * * *",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Requests one round of every cell of the recipe that has work left, and says why it skips the rest.",
)
def backfill(context: dg.ScheduleEvaluationContext, recipe: RecipeResource, warehouse: Warehouse):
    """One run request a cell with work left; a tick with nothing new requests nothing."""
    skipped = []
    requested = 0
    with work_of_tick(context, recipe, warehouse) as work:
        for exercise, language in work.recipe.cells():
            left = work_left(work, exercise, language)
            if left.any:
                requested += 1
                yield dg.RunRequest(
                    # Dagster wants one wherever a tick asks for several runs; a tick that is tried again asks once
                    run_key=f"{exercise}|{language} {context.scheduled_execution_time.isoformat()}",
                    partition_key=cell_key(exercise, language),
                    tags={"synth_assets/recipe": work.recipe.name, "synth_assets/trigger": "schedule"},
                )
            else:
                skipped.append(f"{exercise}|{language}: {left.why}")
    if not requested:
        yield dg.SkipReason("; ".join(skipped) or f"the recipe asks for no cell of the {len(EXERCISES)} exercises")
