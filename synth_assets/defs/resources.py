"""What assets are handed: the recipe and the warehouse, and from both the `Work` of one run."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from pydantic import Field

from synth_assets.errors import SynthAssetsError
from synth_assets.home import Home
from synth_assets.recipe import Recipe
from synth_assets.stages.recipes import load_checked_recipe
from synth_assets.stages.work import Asking, Progress, Work, listener
from synth_assets.warehouse import Warehouse

LOG_PROGRESS_EVERY_S = 10.0
LAUNCH_TAG = "synth_assets/launch"


class RecipeResource(dg.ConfigurableResource):
    """The recipe of a run: a packaged name or the path of a YAML file."""

    path: str = Field(
        default_factory=lambda: os.environ.get("SYNTH_ASSETS_RECIPE", "starter"),
        description="A packaged recipe (starter) or the path of a recipe file. SYNTH_ASSETS_RECIPE sets the default.",
    )

    def load(self) -> Recipe:
        return load_checked_recipe(self.path)


def warehouse_at_home() -> Warehouse:
    """The warehouse of the home folder."""
    home = Home.find()
    return Warehouse(database=str(home.database), calls_folder=str(home.calls))


@contextmanager
def work_of(
    context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext, recipe: RecipeResource, warehouse: Warehouse
) -> Iterator[Work]:
    """The `Work` of this run; errors written for people end the run with their own text and nothing else."""
    home = Home.find()
    try:
        home.prepare()
        yield Work(
            home=home,
            warehouse=warehouse,
            recipe=recipe.load(),
            run_id=context.run.run_id,
            launch=_launch_of(context),
            log=context.log,
            progress=_logged(context),
        )
    except SynthAssetsError as error:
        raise dg.Failure(description=f"{type(error).__name__}: {error}", allow_retries=False) from error


def _launch_of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> str:
    """What this run is a part of: the backfill, the tick or the command that launched it, else itself."""
    tags = context.run.tags
    return tags.get("dagster/backfill") or tags.get("dagster/tick") or tags.get(LAUNCH_TAG) or context.run.run_id


def _logged(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> Progress:
    """Progress into the run's log, at most every few seconds, and to whoever listens in this process."""
    started = time.monotonic()
    last = [started]

    def note(stage: str, done: int, total: int, asking: Asking | None = None) -> None:
        listener()(stage, done, total, asking)
        moment = time.monotonic()
        if moment - last[0] >= LOG_PROGRESS_EVERY_S and done < total:
            last[0] = moment
            rate = done / (moment - started)
            left = f"{(total - done) / rate:.0f} s left" if rate else "no rate yet"
            calls = f"; {asking}" if asking is not None else ""
            context.log.info("%s: %d of %d, %.2f a second, %s%s", stage, done, total, rate, left, calls)

    return note


@contextmanager
def work_of_tick(context: dg.ScheduleEvaluationContext, recipe: RecipeResource, warehouse: Warehouse) -> Iterator[Work]:
    """The `Work` of a schedule's tick, which only reads."""
    home = Home.find()
    home.prepare()
    yield Work(home=home, warehouse=warehouse, recipe=recipe.load(), run_id="", log=context.log)
