"""`synth-assets run`: real Dagster runs, one after the other, until every cell has what the recipe asks for.

Order matters for how soon something is there: cells that a program makes alone need no vectors and no model, so they go
first; then the pool is embedded; then the cells that ask a model.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

from dagster import DagsterExecutionInterruptedError, DagsterInstance, ExecuteInProcessResult
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Task as ProgressTask
from rich.text import Text
from sqlalchemy.exc import SQLAlchemyError

from synth_assets.commands.project import open_home, open_instance, open_warehouse
from synth_assets.commands.status import read_status
from synth_assets.commands.tables import print_totals, status_table
from synth_assets.definitions import defs
from synth_assets.defs.resources import LAUNCH_TAG
from synth_assets.embedded import EmbeddedServer
from synth_assets.errors import BudgetSpent, RecipeError, SynthAssetsError
from synth_assets.exercises import EXERCISES
from synth_assets.home import Home
from synth_assets.languages import LANGUAGES
from synth_assets.machine import machine_folder
from synth_assets.partitions import cell_key
from synth_assets.recipe import Recipe
from synth_assets.stages.corpus import unembedded
from synth_assets.stages.domains import untagged
from synth_assets.stages.recipes import load_checked_recipe
from synth_assets.stages.steps import work_left
from synth_assets.stages.work import Asking, Work, listening, work_log
from synth_assets.warehouse import Warehouse

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
SNAPSHOT_EVERY_S = 300.0


@dataclass(slots=True)
class Outcome:
    """What a `run` came to: the status after it, why each cell stopped, what failed, and the release."""

    status: dict[str, Any]
    notes: dict[tuple[str, str], str]
    failures: list[str]
    release: dict[str, Any] | None
    seconds: float
    runs: int
    marks: dict[str, float] = field(default_factory=dict)


def run(
    console: Console,
    *,
    recipe_name: str,
    exercises: Sequence[str] = (),
    languages: Sequence[str] = (),
    rows: int | None = None,
) -> Outcome:
    """Run the recipe, or the cells of these exercises and languages (of none: of all), and print as it goes.

    Raises:
        SynthAssetsError: before anything is started: the recipe, the home or the arguments cannot be used.
    """
    started = time.monotonic()
    recipe_path = str(Path(recipe_name).resolve()) if Path(recipe_name).exists() else recipe_name
    recipe = load_checked_recipe(recipe_path)
    cells = _cells(recipe, recipe_name, exercises, languages, rows)
    home = open_home()
    warehouse = open_warehouse(home)
    try:
        with open_instance(home) as instance:
            runner = _Runner(console, home, warehouse, instance, recipe, recipe_path, rows, started)
            try:
                runner.go(cells)
            finally:
                runner.close()
    except SQLAlchemyError as error:  # Dagster hands on what its storage raises
        raise SynthAssetsError(
            f"{home.root / '.dagster'}: Dagster cannot keep its records there: {str(error).splitlines()[0]}; "
            "what was finished is kept, the next run goes on from there"
        ) from error
    status = read_status(warehouse)
    return Outcome(
        status=status,
        notes=runner.notes,
        failures=runner.failures,
        release=runner.release,
        seconds=time.monotonic() - started,
        runs=runner.runs,
        marks=runner.marks,
    )


def print_outcome(console: Console, outcome: Outcome) -> None:
    """The table at the end, what it cost, and where to look next."""
    console.print(status_table(outcome.status, outcome.notes))
    print_totals(console, outcome.status)
    if outcome.release and outcome.release.get("version"):
        console.print(f"release {outcome.release['version']}: {outcome.release['samples']} samples in "
                      f"{outcome.release['folder']}", highlight=False)  # fmt: skip
        console.print("look at one:  synth-assets trace SYNTH_ID    all of them in the browser:  synth-assets ui")
    console.print(f"{outcome.runs} Dagster runs in {outcome.seconds:.0f} s")


def _cells(
    recipe: Recipe, source: str, exercises: Sequence[str], languages: Sequence[str], rows: int | None
) -> list[tuple[str, str]]:
    for name in exercises:
        if name not in EXERCISES:
            raise RecipeError("--exercise", name, f"there is no such exercise; there are {', '.join(EXERCISES)}")
    for code in languages:
        if code not in LANGUAGES:
            raise RecipeError("--language", code, f"is not a language of the grid; there are {', '.join(LANGUAGES)}")
    if rows is None:
        cells = [cell for cell in recipe.cells()
                 if (not exercises or cell[0] in exercises) and (not languages or cell[1] in languages)]  # fmt: skip
        if not cells:
            raise RecipeError(source, f"{', '.join(exercises) or 'any'}|{', '.join(languages) or 'any'}",
                              "the recipe asks for no such cell; say how many rows with --rows")  # fmt: skip
    else:
        named = dict.fromkeys(exercises or recipe.exercises), dict.fromkeys(languages or recipe.languages)
        cells = list(product(*named))
    # a program's cells first: they need neither vectors nor a model
    return sorted(cells, key=lambda cell: EXERCISES[cell[0]].uses_section)


class _Runner:
    """Launches Dagster runs and keeps what became of them."""

    def __init__(
        self, console: Console, home: Home, warehouse: Warehouse, instance: DagsterInstance, recipe: Recipe,
        recipe_path: str, rows: int | None, started: float,
    ) -> None:  # fmt: skip
        self.console = console
        self.home = home
        self.instance = instance
        self.recipe_path = recipe_path
        self.rows = rows
        self.started = started
        self.work = Work(home=home, warehouse=warehouse, recipe=recipe, run_id="", log=work_log())
        self.notes: dict[tuple[str, str], str] = {}
        self.failures: list[str] = []
        self.reason = ""
        self.release: dict[str, Any] | None = None
        self.marks: dict[str, float] = {}
        self.runs = 0
        self.launch = uuid4().hex  # what a budget for one run counts together
        # held, not started: a server that a run starts stays until this process lets go, and with it its warm cache
        ggufs = {entry.gguf for entry in recipe.models.all() if entry.model == "embedded"}
        self.servers = [EmbeddedServer(machine_folder() / "embedded", gguf) for gguf in ggufs]
        for server in self.servers:
            server.hold()
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(bar_width=30), MofNCompleteColumn(), _Rate(),
            TimeRemainingColumn(), TextColumn("[dim]{task.fields[calls]}"), console=console, transient=True,
        )  # fmt: skip

    def go(self, cells: list[tuple[str, str]]) -> None:
        with self._showing():
            if not self._launch("ingest", "reading seeds and cutting sections"):
                return
            if untagged(self.work) and not self._launch("tag_sections", "tagging sections with their domain"):
                return
            embedded = False
            for exercise, language in cells:
                if EXERCISES[exercise].uses_section and not embedded:
                    embedded = True
                    if unembedded(self.work) and not self._launch("embed_sections", "embedding the pool"):
                        return
                self._cell(exercise, language)
            self._publish()

    def close(self) -> None:
        """Let go of everything; what runs in this process has ended."""
        self.bar.stop()
        for server in self.servers:
            server.close()

    def _cell(self, exercise: str, language: str) -> None:
        while True:
            left = work_left(self.work, exercise, language, self.rows)
            self.notes[exercise, language] = left.why or "done"
            if not left.any:
                return
            if not self._launch(
                "cell_round", f"{exercise} | {language}", partition_key=cell_key(exercise, language),
                ops={"queries": {"config": {"rows": self.rows}}} if self.rows is not None else None,
            ):  # fmt: skip
                spent = self.reason.startswith(f"{BudgetSpent.__name__}: ")
                self.notes[exercise, language] = "budget ended" if spent else "failed"
                return
            after = work_left(self.work, exercise, language, self.rows)
            if after == left:  # a round that changes nothing will not do better the next time
                batches = after.open and any(entry.batch for entry in self.work.recipe.models.all())
                self.notes[exercise, language] = "waits for batches" if batches else after.why or "no progress"
                return

    def _publish(self) -> None:
        if self._launch("publish", "publishing the release"):
            rows = self.work.warehouse.read("audit/last_release")
            self.release = rows[0] if rows else None

    def _launch(self, job: str, title: str, *, partition_key: Any = None, ops: dict[str, Any] | None = None) -> bool:
        self.task = self.bar.add_task(title, total=None, calls="")
        self.title = title
        config: dict[str, Any] = {**QUIET, "resources": {"recipe": {"config": {"path": self.recipe_path}}}}
        if ops:
            config["ops"] = ops
        begun = time.monotonic()
        try:
            result = defs.resolve_job_def(job).execute_in_process(
                instance=self.instance,
                partition_key=partition_key,
                run_config=config,
                raise_on_error=False,
                tags={
                    "synth_assets/recipe": self.work.recipe.name,
                    "synth_assets/trigger": "command line",
                    LAUNCH_TAG: self.launch,
                },
            )
        finally:
            self.bar.remove_task(self.task)
        self.runs += 1
        if _interrupted(result):  # Dagster ends the run and says so; what comes after it is not wanted either
            raise KeyboardInterrupt
        seconds = time.monotonic() - begun
        if result.success:
            self.console.print(
                f"[green]✓[/green] {title}  [dim]{seconds:.1f} s, run {result.run_id[:8]}[/dim]", highlight=False
            )
            self.marks[title] = time.monotonic() - self.started
        else:
            self.reason = _reason(result)
            self.console.print(
                f"[red]✗[/red] {title}  [dim]{seconds:.1f} s, run {result.run_id[:8]}[/dim]", highlight=False
            )
            self.failures.append(f"{title}: {self.reason} (run {result.run_id})")
        return result.success

    @contextmanager
    def _showing(self) -> Iterator[None]:
        def note(stage: str, done: int, total: int, asking: Asking | None = None) -> None:
            calls = f"{asking}" if asking is not None else ""
            self.bar.update(self.task, description=f"{self.title} · {stage}", completed=done, total=total, calls=calls)

        with self.bar, listening(note):
            yield


class _Rate(ProgressColumn):
    """Rows a second so far."""

    def render(self, task: ProgressTask) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "", style="dim")


def _interrupted(result: ExecuteInProcessResult) -> bool:
    errors = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    return any(error is not None and error.cls_name == DagsterExecutionInterruptedError.__name__ for error in errors)


def _reason(result: ExecuteInProcessResult) -> str:
    """The text of the error that ended a run: our own words where there are some, else the exception's."""
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            if data.user_failure_data is not None and data.user_failure_data.description:
                return data.user_failure_data.description
            error = data.error
            while error is not None and error.cause is not None:
                error = error.cause
            return error.message.strip() if error is not None else "the step failed without an error"
    for event in result.all_events:
        if event.is_run_failure:
            return event.message or "the run failed"
    raise SynthAssetsError("the run failed without saying why; its log in the UI says more")
