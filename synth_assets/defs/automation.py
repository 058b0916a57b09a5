"""Jobs, the schedule and the sensor: what is launched together, and what a tick requests."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import dagster as dg

from synth_assets.defs.resources import RecipeResource, work_of_tick
from synth_assets.exercises import EXERCISES
from synth_assets.partitions import cell_key
from synth_assets.stages.seed_marks import seed_marks
from synth_assets.stages.spending import asks_models, budget_stop
from synth_assets.stages.steps import WorkLeft, work_of_cells
from synth_assets.stages.work import Work
from synth_assets.warehouse import Warehouse

CELL_ASSETS = (
    "candidates", "queries", "reasoning_drafts", "answers", "embeddings", "judgements",
    "quality_scores", "contamination", "duplicates", "samples",
)  # fmt: skip


NIGHTLY = "0 2 * * *"
# Below what a person launches, which has 0: a night's backlog keeps nobody waiting.
SCHEDULED_PRIORITY = "-1"
NOT_ENDED = (
    dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING,
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


refresh_corpus = dg.define_asset_job(
    "refresh_corpus",
    selection=_without_checks("seed_corpus", "sections", "section_embeddings", "section_domains"),
    description="Reads what changed in the seed collections, cuts it into sections, embeds and tags those of the pool.",
)


@dg.schedule(
    job=cell_round,
    cron_schedule=os.environ.get("SYNTH_ASSETS_SCHEDULE", NIGHTLY),
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="One round of every cell of the recipe that has work left and budget to do it with, every night unless "
    "SYNTH_ASSETS_SCHEDULE says otherwise. A tick says why it skips the rest; one with nothing new requests no run.",
)
def backfill(context: dg.ScheduleEvaluationContext, recipe: RecipeResource, warehouse: Warehouse):
    """One run request a cell with work left; a tick with nothing new requests nothing."""
    with work_of_tick(context, recipe, warehouse) as work:
        cells = work.recipe.cells()
        left = work_of_cells(work, cells)
        stop = budget_stop(work)
        under_way = _cells_under_way(context.instance)
        skipped = {}
        for exercise, language in cells:
            cell = f"{exercise}|{language}"
            why = _why_not(work, exercise, language, left[exercise, language], stop)
            if why or cell in under_way:
                skipped[cell] = why or "a run of it is under way"
                continue
            yield dg.RunRequest(
                # Dagster wants one wherever a tick asks for several runs; a tick that is tried again asks once
                run_key=f"{cell} {context.scheduled_execution_time.isoformat()}",
                partition_key=cell_key(exercise, language),
                tags={
                    "synth_assets/recipe": work.recipe.name,
                    "synth_assets/trigger": "schedule",
                    "dagster/priority": SCHEDULED_PRIORITY,
                },
            )
    if skipped:
        context.log.info("skipped %d of %d cells: %s", len(skipped), len(cells), _in_words(skipped))
    if len(skipped) == len(cells):
        yield dg.SkipReason(_in_words(skipped) or f"the recipe asks for no cell of the {len(EXERCISES)} exercises")


def _why_not(work: Work, exercise: str, language: str, left: WorkLeft, stop: str) -> str:
    """Why a cell is not requested; empty where it is."""
    if not left.any:
        return left.why
    calls = left.open or left.again or left.new or (left.unjudged and work.recipe.judge is not None)
    if stop and calls and asks_models(EXERCISES[exercise], work, language):
        return stop
    return ""


def _cells_under_way(instance: dg.DagsterInstance) -> set[str]:
    """The cells that some run is queued for or at work on: another beside it would only wait for it."""
    runs = instance.get_runs(filters=dg.RunsFilter(statuses=list(NOT_ENDED)))
    return {run.tags["dagster/partition"] for run in runs if "dagster/partition" in run.tags}


def _in_words(skipped: Mapping[str, str]) -> str:
    """The skipped cells by reason, each reason once: "target met: a|en, a|fr; ..."."""
    by_reason: dict[str, list[str]] = {}
    for cell, why in skipped.items():
        by_reason.setdefault(why, []).append(cell)
    return "; ".join(f"{why}: {', '.join(cells)}" for why, cells in by_reason.items())


@dg.sensor(
    job=refresh_corpus,
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Every five minutes: looks at names, sizes and times of the recipe's seed files, and has them read, "
    "cut and embedded when one is new, changed or gone. The cells that this gives work are the schedule's to request.",
)
def new_seed_files(context: dg.SensorEvaluationContext, recipe: RecipeResource, warehouse: Warehouse):
    """One run request when seed files are not as they were at the last tick; the first tick requests one too."""
    path = Path(recipe.path)
    with work_of_tick(context, recipe, warehouse) as work:
        marks = seed_marks(work, path.resolve() if path.is_file() else None)
        name = work.recipe.name
    cursor = json.dumps({"recipe": name, "marks": marks}, sort_keys=True)
    if cursor == context.cursor:
        yield dg.SkipReason(f"nothing is new in {len(marks)} places of recipe {name}")
        return
    before = json.loads(context.cursor)["marks"] if context.cursor else {}
    changed = sorted(place for place in {*before, *marks} if before.get(place) != marks.get(place))
    context.log.info("new, changed or gone: %s", ", ".join(changed))
    context.update_cursor(cursor)
    yield dg.RunRequest(
        tags={
            "synth_assets/recipe": name,
            "synth_assets/trigger": "sensor",
            "dagster/priority": SCHEDULED_PRIORITY,
        }
    )
