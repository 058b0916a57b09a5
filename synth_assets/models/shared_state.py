"""Numbers that the processes of one machine share: a head for all, and a row for each that takes part.

    <file>            the numbers, mapped into memory; a lock on it is held for every look and every change
    <file>.rows/<n>   locked by the owner of row n as long as it lives

Nothing here outlasts its users in meaning: what must survive is in the journal of calls, and whoever comes first sets
the head from there. A process that was killed leaves its row; the next one who looks for rows finds its lock free and
takes the row's numbers out of the head. So a SIGKILL at any moment costs nobody a slot or money for long.
"""

import fcntl
import mmap
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from synth_assets.errors import WarehouseBroken

ROWS = 256
_LAYOUT = 1.0  # raised when head or rows change their meaning; a file of another layout is begun anew


class SharedNumbers:
    """One file of shared numbers, and this process's row in it. A context manager, or `close` it.

    Args:
        path: the file; its folder is made.
        head: how many numbers all share.
        width: how many numbers a row has.
        on_enter: called with (head, row, whether nobody else is there) under the lock in which the row is taken, so
            that nobody sees it half made and of two who come at once exactly one is the first.
        on_leave: called with (head, row) under the lock when a row's owner is gone, killed ones included; the row is
            cleared afterwards.

    Raises:
        WarehouseBroken: the file cannot be written, or 256 processes use it already.
    """

    def __init__(
        self,
        path: Path,
        *,
        head: int,
        width: int,
        on_enter: Callable[[memoryview, memoryview, bool], None],
        on_leave: Callable[[memoryview, memoryview], None],
    ) -> None:
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
                        on_enter(self.head, self.row, self.others() == 0)
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

    def __enter__(self) -> "SharedNumbers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def lock(self) -> None:
        """Keep all others out; for microseconds only. Followed by `unlock` in a finally."""
        fcntl.flock(self._fd, fcntl.LOCK_EX)

    def unlock(self) -> None:
        """Let the others in."""
        fcntl.flock(self._fd, fcntl.LOCK_UN)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """The lock as a context."""
        self.lock()
        try:
            yield
        finally:
            self.unlock()

    def others(self) -> int:
        """How many other owners of rows live; those who died are cleared away. Under the lock."""
        alive = 0
        for number in self._used_rows():
            if number == self._row_number:
                continue
            row = self._row(number)
            fd = self._try_row(number)
            if fd < 0:
                alive += 1
                continue
            self._on_leave(self.head, row[1:])
            self._clear(row)
            os.close(fd)
        return alive

    def living_rows(self) -> Iterator[memoryview]:
        """The rows in use, this process's included; those of the dead too until `others` was called. Under the lock."""
        for number in self._used_rows():
            yield self._row(number)[1:]

    def close(self) -> None:
        """Give the row back."""
        if self._fd < 0:
            return
        with self._file_lock():
            self._on_leave(self.head, self.row)
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
                    self._on_leave(self.head, row[1:])
                    self._clear(row)
                row[0] = float(os.getpid())
                return number, fd
        raise WarehouseBroken(f"{self.path}: {ROWS} processes use it already; end some of them")
