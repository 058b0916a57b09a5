"""What every stage is handed: where things lie, what was asked, and who is asking."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from filelock import FileLock, Timeout

from synth_assets.home import Home
from synth_assets.recipe import Recipe
from synth_assets.warehouse import Warehouse

Progress = Callable[[str, int, int], None]


def no_progress(stage: str, done: int, total: int) -> None:
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
    """One run's view of the project."""

    home: Home
    warehouse: Warehouse
    recipe: Recipe
    run_id: str
    log: logging.Logger
    progress: Progress = no_progress

    def stamp(self) -> dict[str, object]:
        """The run id, for every row that is written."""
        return {"run_id": self.run_id}

    @contextmanager
    def exclusive(self, name: str) -> Iterator[None]:
        """Hold a named lock (a cell, a comparison group) that is let go when the process dies, however it dies."""
        lock = FileLock(self.home.locks / f"{name}.lock", thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            self.log.info("another run is on %s; this one waits for it and then does what is left", name)
            lock.acquire()
        try:
            yield
        finally:
            lock.release()


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
