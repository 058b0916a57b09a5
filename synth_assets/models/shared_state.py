"""Numbers that processes share: a head for all, and a row for each that takes part; on one machine, in files.

    <file>            the numbers, mapped into memory; a lock on it is held for every look and every change
    <file>.rows/<n>   locked by the owner of row n as long as it lives

Nothing here outlasts its users in meaning: what must survive is in the journal of calls, and whoever comes first sets
the head from there. A process that was killed leaves its row; the next one who looks for rows finds its lock free and
takes the row's numbers out of the head. So a SIGKILL at any moment costs nobody a slot or money for long.

Those of workers on many machines are in PostgreSQL (`synth_assets.lake.numbers`).
"""

import asyncio
import fcntl
import mmap
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from synth_assets.errors import WarehouseBroken

ROWS = 256
_LAYOUT = 1.0  # raised when head or rows change their meaning; a file of another layout is begun anew


class SharedNumbers(ABC):
    """Numbers that processes share, and this one's row among them. A context manager, or `close` it.

    Attributes:
        head: what all share; up to date under the lock, and of the last look at it otherwise.
        row: this process's own.
        near: whether a look takes microseconds. Where it does not, an event loop looks from another thread, at once for
            all who want something (`Gathered`), and locks nest: what is done under one lock is one look.
    """

    head: memoryview
    row: memoryview
    near: bool = True

    def __enter__(self) -> "SharedNumbers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def lock(self) -> None:
        """Keep all others out; for microseconds only. Followed by `unlock` in a finally."""

    @abstractmethod
    def unlock(self) -> None:
        """Let the others in."""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """The lock as a context."""
        self.lock()
        try:
            yield
        finally:
            self.unlock()

    @abstractmethod
    def others(self) -> int:
        """How many other owners of rows live; those who died are cleared away. Under the lock."""

    @abstractmethod
    def living_rows(self) -> Iterator[memoryview]:
        """The rows in use, this process's included; those of the dead too until `others` was called. Under the lock."""

    @abstractmethod
    def time(self, now: float) -> float:
        """This process's monotonic time as seconds on a clock that all who share the numbers read alike."""

    @abstractmethod
    def close(self) -> None:
        """Give the row back."""


class Gathered:
    """Work that an event loop has done in another thread: what comes while some is under way is done next, all at once.

    Args:
        work: does what was given, in its order; a result for each, an exception as a value where one failed.
    """

    def __init__(self, work: Callable[[list[Any]], list[Any]]) -> None:
        self._work = work
        self._given: list[tuple[Any, asyncio.Future[Any]]] = []
        self._working: asyncio.Task[None] | None = None

    def give(self, item: Any) -> "asyncio.Future[Any]":
        """Have it done; what comes of it. It is done also where nobody waits for it any more."""
        done = asyncio.get_running_loop().create_future()
        self._given.append((item, done))
        if self._working is None:
            self._working = asyncio.create_task(self._run())
        return done

    async def close(self) -> None:
        """Wait until all is done that was given."""
        while self._working is not None:
            await asyncio.wait({self._working})

    async def _run(self) -> None:
        try:
            while self._given:
                given, self._given = self._given, []
                try:
                    results = await asyncio.to_thread(self._work, [item for item, _ in given])
                except Exception as error:
                    results = [error] * len(given)
                for (_, done), result in zip(given, results, strict=True):
                    if done.done():  # whoever wanted it was cancelled
                        continue
                    if isinstance(result, Exception):
                        done.set_exception(result)
                        done.exception()  # it is told where somebody waits
                    else:
                        done.set_result(result)
        finally:
            self._working = None


# Told of the numbers and whether nobody else is there; and of them and the row of one who is gone.
OnEnter = Callable[[SharedNumbers, bool], None]
OnLeave = Callable[[SharedNumbers, memoryview], None]


class Numbers(Protocol):
    """Makes shared numbers of a name, or takes part in those that others made.

    Args:
        name: what they are of; a file's name.
        head: how many numbers all share.
        width: how many numbers a row has.
        on_enter: called under the lock in which the row is taken, so that nobody sees it half made and of two who come
            at once exactly one is the first. Where a row was lost with the server that kept it, it is called again,
            with the row as it was.
        on_leave: called under the lock when a row's owner is gone, killed ones included; the row is cleared afterwards.

    Raises:
        WarehouseBroken: they cannot be kept, or too many processes use them already.
    """

    def __call__(self, name: str, *, head: int, width: int, on_enter: OnEnter, on_leave: OnLeave) -> SharedNumbers: ...


def numbers_in(folder: Path) -> Numbers:
    """Shared numbers as files of a folder, for the processes of one machine."""

    def make(name: str, *, head: int, width: int, on_enter: OnEnter, on_leave: OnLeave) -> SharedNumbers:
        return FileNumbers(folder / name, head=head, width=width, on_enter=on_enter, on_leave=on_leave)

    return make


class FileNumbers(SharedNumbers):
    """One file of shared numbers; its folder is made. The arguments are those of `Numbers`.

    Raises:
        WarehouseBroken: the file cannot be written, or 256 processes use it already.
    """

    def __init__(self, path: Path, *, head: int, width: int, on_enter: OnEnter, on_leave: OnLeave) -> None:
        self.path = path
        self._head_size = head
        self._width = width
        self._on_leave = on_leave
        size = 8 * (1 + head + ROWS * (1 + width))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._rows = path.with_name(f"{path.name}.rows")
            self._rows.mkdir(exist_ok=True)
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                with self._file_lock():
                    if os.fstat(self._fd).st_size != size:
                        os.ftruncate(self._fd, 0)
                        os.ftruncate(self._fd, size)
                    self._map = mmap.mmap(self._fd, size)
                    self._numbers = memoryview(self._map).cast("d")
                    if self._numbers[0] != _LAYOUT:
                        self._numbers[1:] = memoryview(bytes(size - 8)).cast("d")
                        self._numbers[0] = _LAYOUT
                    self.head = self._numbers[1 : 1 + head]
                    self._row_number, self._row_fd = self._take_row()
                    self.row = self._row(self._row_number)[1:]
                    try:
                        on_enter(self, self.others() == 0)
                    except BaseException:  # a row that stayed would be somebody who was here first
                        self._clear(self._row(self._row_number))
                        os.close(self._row_fd)
                        self._unmap()
                        raise
            except BaseException:
                os.close(self._fd)
                raise
        except OSError as error:
            raise WarehouseBroken(f"{path}: cannot be written: {error.strerror}") from error

    def lock(self) -> None:
        fcntl.flock(self._fd, fcntl.LOCK_EX)

    def unlock(self) -> None:
        fcntl.flock(self._fd, fcntl.LOCK_UN)

    def others(self) -> int:
        alive = 0
        for number in self._used_rows():
            if number == self._row_number:
                continue
            row = self._row(number)
            fd = self._try_row(number)
            if fd < 0:
                alive += 1
                continue
            self._on_leave(self, row[1:])
            self._clear(row)
            os.close(fd)
        return alive

    def living_rows(self) -> Iterator[memoryview]:
        for number in self._used_rows():
            yield self._row(number)[1:]

    def time(self, now: float) -> float:
        return now

    def close(self) -> None:
        if self._fd < 0:
            return
        with self._file_lock():
            self._on_leave(self, self.row)
            self._clear(self._row(self._row_number))
        os.close(self._row_fd)
        self._unmap()
        os.close(self._fd)
        self._fd = -1

    def _unmap(self) -> None:
        for view in (self.row, self.head, self._numbers):
            view.release()
        with suppress(BufferError):  # somebody still looks at a row; then the map goes with the last who does
            self._map.close()

    @contextmanager
    def _file_lock(self) -> Iterator[None]:
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def _used_rows(self) -> list[int]:
        marks = self._numbers[1 + self._head_size :: 1 + self._width].tolist()  # one look, not a slice a row
        return [number for number, mark in enumerate(marks) if mark != 0.0]

    def _row(self, number: int) -> memoryview:
        start = 1 + self._head_size + number * (1 + self._width)
        return self._numbers[start : start + 1 + self._width]

    def _clear(self, row: memoryview) -> None:
        for place in range(len(row)):
            row[place] = 0.0

    def _try_row(self, number: int) -> int:
        fd = os.open(self._rows / str(number), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return -1
        return fd

    def _take_row(self) -> tuple[int, int]:
        for number in range(ROWS):
            fd = self._try_row(number)
            if fd >= 0:
                row = self._row(number)
                if row[0] != 0.0:  # of one who was killed
                    self._on_leave(self, row[1:])
                    self._clear(row)
                row[0] = float(os.getpid())
                return number, fd
        raise WarehouseBroken(f"{self.path}: {ROWS} processes use it already; end some of them")
