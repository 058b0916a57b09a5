"""What every stage is handed: where things lie, what was asked, and who is asking."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from synth_assets.home import Home
from synth_assets.recipe import Budget, Limits, Recipe
from synth_assets.sharing.locks import Taken
from synth_assets.warehouse import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a stage's calls come to so far, for whoever watches.

    Attributes:
        in_flight, limit: requests under way, and how many the endpoints bear just now.
        answered: calls answered in this stage; `tokens` and `cost_usd` are theirs.
        tokens_per_s: prompt and reply together, over the stage so far.
        troubles: retries and calls that failed.
    """

    in_flight: int = 0
    limit: int = 0
    answered: int = 0
    tokens: int = 0
    tokens_per_s: float = 0.0
    cost_usd: float = 0.0
    troubles: int = 0

    def __str__(self) -> str:
        cost = f"{self.cost_usd:.4f} USD" if self.cost_usd else "free so far"
        retried = f", {self.troubles} faults" if self.troubles else ""
        return f"{self.in_flight} of {self.limit} in flight, {self.tokens_per_s:,.0f} tokens/s, {cost}{retried}"


class Progress(Protocol):
    """Told how far a stage is: `done` of `total` rows, and what its calls come to where it makes any."""

    def __call__(self, stage: str, done: int, total: int, asking: Asking | None = None) -> None: ...


def no_progress(stage: str, done: int, total: int, asking: Asking | None = None) -> None:
    """For callers that show none."""


_listener: list[Progress] = [no_progress]


def listener() -> Progress:
    """Whoever shows progress in this process; assets run inside the command line's own process tell it there."""
    return _listener[-1]


@contextmanager
def listening(progress: Progress) -> Iterator[None]:
    """Show progress with this function for as long as the block runs."""
    _listener.append(progress)
    try:
        yield
    finally:
        _listener.remove(progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One run's view of the project.

    `launch` is what a person or a tick started, of which this run may be a part. `launch_limits` is what it may spend
    where that differs from the recipe's `budget.run`; it is no part of the recipe's hash. `began` is when this work was
    taken up, on the machine's monotonic clock.
    """

    home: Home
    warehouse: Warehouse
    recipe: Recipe
    run_id: str
    log: logging.Logger
    progress: Progress = no_progress
    launch: str = ""
    launch_limits: Limits | None = None
    began: float = field(default_factory=time.monotonic)

    @property
    def budget(self) -> Budget:
        """The recipe's budget, with this launch's own limits in the place of those that it gives."""
        if self.launch_limits is None:
            return self.recipe.budget
        given = self.launch_limits.model_dump(exclude_none=True)
        return self.recipe.budget.model_copy(update={"run": self.recipe.budget.run.model_copy(update=given)})

    def stamp(self) -> dict[str, object]:
        """The run id, for every row that is written."""
        return {"run_id": self.run_id}

    @contextmanager
    def exclusive(self, name: str) -> Iterator[Taken]:
        """Hold a named lock (a cell, a comparison group) that is let go when the process dies, however it dies.

        Raises:
            WarehouseBroken: the lock cannot be kept, or was lost before the block ended (`Taken.check`).
        """

        def waits(holder: str) -> None:
            self.log.info("%s is on %s; this run waits for it and then does what is left", holder, name)

        with self.warehouse.locks.held(name, waiting=waits) as taken:
            yield taken


def work_log() -> logging.Logger:
    """The log of work that is done outside a Dagster run."""
    return logging.getLogger("synth_assets")


def now() -> datetime:
    """The time rows are stamped with (UTC)."""
    return datetime.now(UTC)


def in_batches(items: list, size: int) -> Iterator[list]:
    """The items in lists of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
