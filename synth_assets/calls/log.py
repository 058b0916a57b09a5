"""What a run appends its calls to and what readers of calls read, wherever it is kept."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl

from synth_assets.calls.record import Call, Compacted, Folded
from synth_assets.calls.sums import Spent, Tally, Totals


class CallLog(ABC):
    """The record of calls, as `Warehouse.open_calls` gives it. Safe to use from several threads; `close` it.

    A call stands here once it has its final outcome: it was answered, or the endpoint refused it for good. A request
    that nobody answered leaves nothing, so that after a kill exactly those are sent again. What one process appended,
    every other one reads at once.

    Attributes:
        run_id: the run that appends.
        folder: a folder of this machine for what only it has to do with calls: the batches that it gave to providers.

    Raises:
        WarehouseBroken: what is kept cannot be written or read; names it and the cause.
    """

    run_id: str
    folder: Path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- writing

    @abstractmethod
    def append(self, call: Call) -> None:
        """Record one call, whole or not at all; when this returns it survives a SIGKILL."""

    def append_all(self, calls: Iterable[Call]) -> None:
        """Record calls one after the other; on an error those before it stand."""
        for call in calls:
            self.append(call)

    async def record(self, call: Call) -> None:
        """`append` for an event loop, which goes on while others are waited for."""
        self.append(call)

    @abstractmethod
    def fold(self) -> Folded:
        """Bring what this object appended from where it is quick to write to where it is quick to read, when it is
        worth it. Readers see the same before and after."""

    @abstractmethod
    def recover(self) -> Folded:
        """Fold what runs that died have left. Safe to call at any time, from any number of processes."""

    @abstractmethod
    def compact(self) -> Compacted:
        """Put what is kept in small pieces into larger ones. Safe to call at any time; one at a time does it."""

    @abstractmethod
    def take(self, calls: pl.DataFrame) -> int:
        """Record calls of another log (a frame of `SCHEMA`), those that do not stand here; how many were new.

        They stand as they were made, with their own run ids. Meant for moving and mending, one process at a time.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of it; everything appended is recorded when this returns."""

    # --- reading

    @abstractmethod
    def called(self, candidate_ids: Collection[str], step: str) -> set[str]:
        """Those of the candidates for whose step an answered call stands. Reads no bodies."""

    @abstractmethod
    def stored(self, candidate_ids: Collection[str], step: str) -> dict[str, Call]:
        """The answered calls of these candidates' step, by call_id, whoever made them, folded or not.

        Memory is bounded by the candidates asked for, not by the log.
        """

    @abstractmethod
    def of_candidates(self, candidate_ids: Collection[str]) -> list[Call]:
        """Every call for these candidates, answered or failed, whoever made it, folded or not, oldest first."""

    @abstractmethod
    def costs_of(self, candidate_ids: Collection[str]) -> dict[str, Tally]:
        """Candidate id -> what its calls came to, answered and failed; who has none is left out. Reads no bodies."""

    @abstractmethod
    def totals(self) -> Totals:
        """What all recorded calls come to; a call that was paid for twice counts twice."""

    @abstractmethod
    def spent(self, *, recipe: str, launch: str = "", day: str = "") -> Spent:
        """What the calls of a recipe took, of one launch or one day in UTC ("2026-11-21") where these are given.

        Records that do not say whose they are count for every recipe.
        """

    @abstractmethod
    def pages(self) -> Iterator[pl.DataFrame]:
        """Every call recorded when this begins, each once, as frames of `SCHEMA` that memory holds; in no order."""

    @abstractmethod
    def bytes_kept(self) -> int:
        """What the folded calls take where they are kept."""

    @abstractmethod
    def copy_to(self, folder: Path) -> int:
        """Copy every call recorded so far into a folder of calls, synced; returns the files copied.

        Others may append and fold meanwhile: what they add after this was called may or may not be in the copy.
        """
