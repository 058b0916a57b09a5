"""One function over many pieces of a source, in order, by as many processes as pay.

Starting processes takes a third of a second of each, so the first `LEAST_FOR_PROCESSES` bytes are worked on by the
caller's own; what comes after them goes to others, a few pieces ahead, and comes back in its order.
"""

import gc
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from types import TracebackType
from typing import Any, NamedTuple

from synth_assets.machine import usable_cores

LEAST_FOR_PROCESSES = 24_000_000
MOST_PROCESSES = 8
SELDOM = (100_000, 50, 50)
"""How often cycles are looked for, by the caller too: what a piece gives is texts, and looking takes a tenth of it."""
KEPT_BYTES = 30 << 20
AHEAD = 3  # pieces under way a process: enough that none waits, few enough that memory stays small


class Piece(NamedTuple):
    """What one call is made on, and how many bytes that is."""

    work: Any
    size: int


class Workers:
    """Calls `function(shared, piece.work)`; what is shared goes to every process once. A context manager.

    Args:
        processes: how many; None takes as many as there are cores to use. With one core there are none.
    """

    def __init__(self, function: Callable[[Any, Any], Any], shared: Any, processes: int | None = None) -> None:
        self._function = function
        self._shared = shared
        self._processes = min(usable_cores(), MOST_PROCESSES) if processes is None else processes
        self._pool: ProcessPoolExecutor | None = None
        self._done = 0
        self._thresholds = gc.get_threshold()

    def __enter__(self) -> "Workers":
        self._thresholds = gc.get_threshold()
        gc.set_threshold(*SELDOM)
        if self._processes < 2:  # else the caller does little of it, and is not to hold what it gave back
            _keep_freed_memory()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        gc.set_threshold(*self._thresholds)
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def pause(self) -> None:
        """End the processes, once what is under way is done; the next piece starts others.

        For callers that are about to need as much memory themselves: each holds a hundred megabytes.
        """
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None

    def map(self, pieces: Iterator[Piece]) -> Iterator[Any]:
        """The results, in the order of the pieces, which are taken as they are needed.

        An error of the pieces themselves is raised after the results of those that came before it.
        """
        under_way: deque[Future[Any]] = deque()
        while True:
            try:
                piece = next(pieces, None)
            except Exception:
                while under_way:
                    yield under_way.popleft().result()
                raise
            if piece is None:
                break
            pool = self._pool_for(piece.size)
            if pool is None:
                yield self._function(self._shared, piece.work)
                continue
            under_way.append(pool.submit(_call, self._function, piece.work))
            if len(under_way) >= AHEAD * self._processes:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()

    def _pool_for(self, size: int) -> ProcessPoolExecutor | None:
        self._done += size
        if self._pool is None and self._processes > 1 and self._done > LEAST_FOR_PROCESSES:
            # a fork would take along threads and locks of whoever runs this
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                self._processes, mp_context=context, initializer=_begin, initargs=(self._shared,)
            )
        return self._pool


_held: list[Any] = []  # in a started process: what is shared


def _begin(shared: Any) -> None:
    _held[:] = [shared]
    gc.set_threshold(*SELDOM)
    _keep_freed_memory()


def _keep_freed_memory() -> None:
    # glibc maps anew, and clears, whatever is larger than the largest block that was ever given back: a piece's arrays
    bytes(KEPT_BYTES)


def _call(function: Callable[[Any, Any], Any], work: Any) -> Any:
    return function(_held[0], work)
