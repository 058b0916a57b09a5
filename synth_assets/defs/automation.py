"""Jobs, the schedule and the sensors: what is launched together, and what a tick requests."""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from synth_assets.defs.cell_step import ASKING, observe_calls
from synth_assets.defs.resources import RecipeResource, launch_of, work_of, work_of_tick
from synth_assets.defs.table_asset import MODEL_POOL, figures
from synth_assets.exercises import EXERCISES
from synth_assets.languages import LANGUAGES
from synth_assets.partitions import cell_key
from synth_assets.stages import helping
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
# And below the cells that the schedule asks for: help takes the places that nobody else wants.
HELPING_PRIORITY = "-2"
HELPS = "synth_assets/helps"
# A helper for every so many candidates that wait in a cell: at one second a call and 32 in flight, five minutes' work.
CANDIDATES_A_HELPER = 10_000
MOST_HELPERS = "3"
LOOK_S = 5.0
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
    description="Reads what changed in the seed collections and cuts it into sections; refresh_corpus embeds them too.",
)

embed = dg.define_asset_job(
    "embed_sections",
    selection=_without_checks("section_embeddings"),
    description="Embeds the sections of the pool that have no vector yet.",
)

tag = dg.define_asset_job(
    "tag_sections",
    selection=_without_checks("section_domains"),
    description="Tags the sections that have no tag of the recipe's tree of domains.",
)

cell_round = dg.define_asset_job(
    "cell_round",
    selection=_without_checks(*CELL_ASSETS),
    description="One round of one cell: carries its open candidates through every stage and adds what is missing. "
    "Before the first, launch refresh_corpus.",
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


class HelpConfig(dg.Config):
    """Which run is helped with which cell."""

    exercise: str = Field(description="The exercise of the cell, by its name in the grid.")
    language: str = Field(description="The language of the cell, by its code in the grid.")
    of_run: str = Field(
        description="The run that is at work on the cell; help ends when that has ended. What is spent is counted "
        "with its launch."
    )


@dg.op(name="carry_free_shards", pool=MODEL_POOL, out=dg.Out(dg.Nothing))
def carry_free_shards(
    context: dg.OpExecutionContext, config: HelpConfig, recipe: RecipeResource, warehouse: Warehouse
) -> None:
    """Carries what a run leaves free of its cell, step by step, until that run has ended."""
    helped = context.instance.get_run_by_id(config.of_run)
    if helped is None or config.exercise not in EXERCISES or config.language not in LANGUAGES:
        raise dg.Failure(
            description=f"there is no run {config.of_run}, or no cell {config.exercise}|{config.language}",
            allow_retries=False,
        )
    with work_of(context, recipe, warehouse) as work:
        found = helping.help_cell(
            replace(work, launch=launch_of(helped)), config.exercise, config.language,
            ended=_ended(context.instance, config.of_run),
        )  # fmt: skip
        context.log.info("helped run %s with %s|%s: %s", config.of_run, config.exercise, config.language, found)
        context.add_output_metadata(figures(found))
        observe_calls(context, work)


@dg.job(
    description="Helps a run with a large cell: carries candidates that nobody holds through the steps that ask "
    "models, until that run has ended. Plans nothing and decides nothing for the whole cell. The sensor large_cells "
    "asks for such runs.",
)
def help_cell():
    carry_free_shards()


def _ended(instance: dg.DagsterInstance, run_id: str) -> Callable[[], bool]:
    """Whether a run has ended; asked often, it looks every few seconds."""
    seen: dict[str, Any] = {"at": -LOOK_S, "ended": False}

    def ended() -> bool:
        if not seen["ended"] and time.monotonic() - seen["at"] >= LOOK_S:
            run = instance.get_run_by_id(run_id)
            seen.update(at=time.monotonic(), ended=run is None or run.is_finished)
        return seen["ended"]

    return ended


@dg.sensor(
    job_name="help_cell",  # by name: given the job itself, Dagster makes this sensor anew with an argument it warns of
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Every half minute: for each cell that a run is at work on, counts the candidates that wait, and asks "
    f"for a helper for every {CANDIDATES_A_HELPER:,} of them, at most SYNTH_ASSETS_HELPERS (3) a cell.",
)
def large_cells(context: dg.SensorEvaluationContext, recipe: RecipeResource, warehouse: Warehouse):
    """Run requests for helpers of large cells that run now, as many as there is work for and not at work yet."""
    most = int(os.environ.get("SYNTH_ASSETS_HELPERS", MOST_HELPERS))
    at_work = _cells_at_work(context.instance) if most > 0 else {}
    asked = 0
    with work_of_tick(context, recipe, warehouse) as work:
        for (exercise, language), run in at_work.items():
            wanted = min(most, helping.open_to_carry(work, exercise, language) // CANDIDATES_A_HELPER)
            helpers = context.instance.get_runs(filters=dg.RunsFilter(tags={HELPS: run.run_id}))
            failed = sum(helper.status is dg.DagsterRunStatus.FAILURE for helper in helpers)
            # what fails for all of them would fail for the next as well
            missing = wanted - sum(not helper.is_finished for helper in helpers) if failed <= most else 0
            for number in range(len(helpers), len(helpers) + missing):
                asked += 1
                yield dg.RunRequest(
                    run_key=f"{run.run_id} {number}",  # a tick that is tried again asks once
                    run_config=_config_of_help(run, exercise, language),
                    tags={
                        HELPS: run.run_id,
                        "synth_assets/recipe": run.tags.get("synth_assets/recipe", work.recipe.name),
                        "synth_assets/trigger": "large cell",
                        "dagster/priority": HELPING_PRIORITY,
                    },
                )
    if not asked:
        yield dg.SkipReason(f"of {len(at_work)} cells at work none has more work than runs")


def _cells_at_work(instance: dg.DagsterInstance) -> dict[tuple[str, str], dg.DagsterRun]:
    """The cells that a run is at work on with steps that ask models, each with the first such run."""
    runs = instance.get_runs(filters=dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]), ascending=True)
    found: dict[tuple[str, str], dg.DagsterRun] = {}
    for run in runs:
        exercise, language = (run.tags.get(f"dagster/partition/{name}") for name in ("exercise", "language"))
        chosen = run.asset_selection
        asks = chosen is None or any(key.to_user_string() in ASKING for key in chosen)
        if exercise in EXERCISES and language and asks:
            found.setdefault((exercise, language), run)
    return found


def _config_of_help(run: dg.DagsterRun, exercise: str, language: str) -> dict[str, Any]:
    """The launch configuration of a helper: the cell, and recipe and budget as the run has them."""
    config = {"exercise": exercise, "language": language, "of_run": run.run_id}
    return {
        "ops": {"carry_free_shards": {"config": config}},
        "resources": {name: given for name, given in run.run_config.get("resources", {}).items() if name == "recipe"},
    }
