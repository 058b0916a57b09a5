"""What assets are handed: the recipe and the warehouse, and from both the `Work` of one run."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from pydantic import Field

from synth_assets.errors import BrokenOff, BudgetSpent, SynthAssetsError
from synth_assets.home import Home
from synth_assets.lake.warehouse import warehouse_of
from synth_assets.recipe import Limits, Recipe
from synth_assets.sharing.locks import Locks, Taken
from synth_assets.stages.recipes import load_checked_recipe
from synth_assets.stages.spending import note_stop
from synth_assets.stages.work import Asking, Progress, Work, listener
from synth_assets.warehouse import Warehouse, take_waits

LOG_PROGRESS_EVERY_S = 10.0
# A step goes on where it stopped: what servers broke off is begun anew, and the last time its own words end the run.
REPEATS = 2
REPEAT_AFTER_S = 1
LAUNCH_TAG = "synth_assets/launch"


class RecipeResource(dg.ConfigurableResource):
    """The recipe of a run, and what the launch may spend; set here for every asset of the launch."""

    path: str = Field(
        default_factory=lambda: os.environ.get("SYNTH_ASSETS_RECIPE", "starter"),
        description="A packaged recipe (starter, synth) or the path of a recipe file. The environment variable "
        "SYNTH_ASSETS_RECIPE sets the default.",
    )
    budget_usd: float | None = Field(
        default=None,
        ge=0,
        description="US dollars that this launch may spend on models, over all cells that it names, in place of the "
        "recipe's budget.run.usd. Empty takes the recipe's. A run that meets it stops, keeps what is made and leaves "
        "the rest open for a later launch; the recipe's total and daily budgets hold besides.",
    )
    budget_calls: int | None = Field(
        default=None,
        ge=0,
        description="Calls to models that this launch may make, over all cells that it names, in place of the "
        "recipe's budget.run.calls. Empty takes the recipe's; 0 lets through only what needs no model.",
    )

    def load(self) -> Recipe:
        return load_checked_recipe(self.path)

    def launch_limits(self) -> Limits | None:
        """What this launch may spend where it says so itself."""
        if self.budget_usd is None and self.budget_calls is None:
            return None
        return Limits(usd=self.budget_usd, calls=self.budget_calls)


def warehouse_at_home() -> Warehouse:
    """The warehouse of the home folder, or the lake that the environment names."""
    return warehouse_of(Home.find())


@contextmanager
def work_of(
    context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext | dg.OpExecutionContext, recipe: RecipeResource,
    warehouse: Warehouse,
) -> Iterator[Work]:  # fmt: skip
    """The `Work` of this run; errors written for people end the run with their own text and nothing else."""
    home = Home.find()
    try:
        home.prepare()
        mark_alive(warehouse.locks, context.run.run_id)
        take_waits()  # those of whatever this process did before
        work = Work(
            home=home,
            warehouse=warehouse,
            recipe=recipe.load(),
            run_id=context.run.run_id,
            launch=launch_of(context.run),
            launch_limits=recipe.launch_limits(),
            log=context.log,
            progress=_logged(context),
        )
        try:
            yield work
        except BudgetSpent as error:
            note_stop(work, error)  # so that the schedule asks for no run that would end here again
            raise
    except SynthAssetsError as error:
        if isinstance(error, BrokenOff) and context.retry_number < REPEATS:
            raise dg.RetryRequested(max_retries=REPEATS, seconds_to_wait=REPEAT_AFTER_S) from error
        raise dg.Failure(description=f"{type(error).__name__}: {error}", allow_retries=False) from error
    except RuntimeError as error:
        # DuckDB tells of an interrupt as of an error of its own. Dagster would take that for a stage that failed, and
        # would not repeat a run that a worker gave back.
        if isinstance(error.__cause__, dg.DagsterExecutionInterruptedError):
            raise error.__cause__ from None
        raise


_alive: dict[tuple[int, str], Taken] = {}


def mark_alive(locks: Locks, run_id: str) -> None:
    """Show that a run's process lives, until the process ends, however it ends.

    Dagster's own launcher hears of a dead run only while the server that started it lives, and of a run of the command
    line never; both would count as running for ever. `commands/dead_runs.py` looks for these signs. The steps of one
    run may be processes side by side.
    """
    mine = (os.getpid(), run_id)
    if mine in _alive:
        return
    for other in list(_alive):  # one run after the other in one process: those before have ended in good order
        _alive.pop(other).release()
    _alive[mine] = locks.show_life(run_id)


def launch_of(run: dg.DagsterRun) -> str:
    """What a run is a part of: the backfill, the tick or the command that launched it, else itself."""
    return run.tags.get("dagster/backfill") or run.tags.get("dagster/tick") or run.tags.get(LAUNCH_TAG) or run.run_id


def _logged(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext | dg.OpExecutionContext) -> Progress:
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
def work_of_tick(
    context: dg.ScheduleEvaluationContext | dg.SensorEvaluationContext, recipe: RecipeResource, warehouse: Warehouse
) -> Iterator[Work]:
    """The `Work` of a tick of a schedule or a sensor, which only reads."""
    home = Home.find()
    home.prepare()
    yield Work(home=home, warehouse=warehouse, recipe=recipe.load(), run_id="", log=context.log)
