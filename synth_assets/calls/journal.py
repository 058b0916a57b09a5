"""The journals of a folder of calls: one file at a time that this run appends to, and those of others."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import orjson

from synth_assets.calls.disk import is_at, locked, sync_and_close, sync_file
from synth_assets.calls.record import FIELDS, Call, values_of
from synth_assets.calls.segments import EMPTY
from synth_assets.errors import WarehouseBroken

# A closed journal is folded in memory: this bounds it, and what a reader of live journals has to look through.
ROTATE_BYTES = 32 * 2**20
SYNC_SECONDS = 1.0


class Journal:
    """What one run appends to. A journal belongs to whoever holds the lock on it, until it is folded.

    Args:
        place: the folder of journals.
        is_folded: whether the journal of a name has its segment.
        fold_closed: folds what `closed` gives; called by the background thread when a journal has grown full.
    """

    def __init__(
        self, place: Path, run_id: str, is_folded: Callable[[str], bool], fold_closed: Callable[[], object]
    ) -> None:
        self.place = place
        self._run_id = run_id
        self._is_folded = is_folded
        self._fold_closed = fold_closed
        self._lock = threading.Lock()
        self._path: Path | None = None
        self._fd = -1
        self._size = 0
        self._dirty = False
        self._closed: list[tuple[Path, int]] = []
        self._next_number = 0
        self._stop = threading.Event()
        self._keeper: threading.Thread | None = None
        self._keeper_error: Exception | None = None

    def append(self, call: Call) -> None:
        """Write one call as one line, whole or not at all. It survives a SIGKILL at once, power loss a second later."""
        line = orjson.dumps(dict(zip(FIELDS, values_of(call), strict=True)), option=orjson.OPT_APPEND_NEWLINE)
        with self._lock:
            if self._keeper_error is not None:
                raise WarehouseBroken(f"{self.place}: {self._keeper_error}") from self._keeper_error
            if self._stop.is_set():
                raise ValueError("this CallLog is closed")
            try:
                if self._path is None:
                    self._open()
                self._write(line)
                self._dirty = True
                if self._size >= ROTATE_BYTES:
                    self._rotate()
            except OSError as error:
                raise WarehouseBroken(f"{self._path or self.place}: cannot be written: {error}") from error
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name="call-log", daemon=True)
                self._keeper.start()

    def rotate(self) -> None:
        """Close the journal that is written; later calls go to a new one."""
        with self._lock:
            self._rotate()

    def first_closed(self) -> tuple[Path, int] | None:
        """A journal that nobody appends to any more, and the open file that holds its lock."""
        with self._lock:
            return self._closed[0] if self._closed else None

    def let_go(self, path: Path, fd: int) -> None:
        """End with a closed journal that was folded."""
        with self._lock:
            self._closed.remove((path, fd))
        os.close(fd)  # only now, so that nobody else took it for a dead run's

    def close(self) -> None:
        """Sync the journal to disk and let go of it; whoever recovers next folds it."""
        self._stop.set()
        if self._keeper is not None:
            self._keeper.join()
        with self._lock:
            held = [fd for _, fd in self._closed]
            self._closed.clear()
            if self._path is not None:
                held.append(self._fd)
                self._path, self._fd = None, -1
            for fd in held:
                sync_and_close(fd, self.place)
        if self._keeper_error is not None:
            error, self._keeper_error = self._keeper_error, None
            raise WarehouseBroken(f"{self.place}: {error}") from error

    def _open(self) -> None:
        while True:
            name = f"{self._run_id}-{self._next_number}"
            self._next_number += 1
            path = self.place / f"{name}.jsonl"
            if self._is_folded(name):
                continue
            try:
                fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
            except FileExistsError:
                continue
            # Between creation and lock another process's `recover` may have taken the empty file, and a namesake may
            # have folded this very name between the two looks: then the name is used up.
            if locked(fd) and is_at(fd, path) and not self._is_folded(name):
                sync_file(self.place)
                self._path, self._fd, self._size = path, fd, 0
                return
            if is_at(fd, path) and self._is_folded(name):
                path.unlink(missing_ok=True)
            os.close(fd)

    def _write(self, line: bytes) -> None:
        try:
            written = os.write(self._fd, line)
            if written < len(line):
                raise OSError(f"only {written} of {len(line)} bytes were written; is the disk full?")
        except OSError:
            os.ftruncate(self._fd, self._size)  # half a line would spoil the next one
            raise
        self._size += written

    def _rotate(self) -> None:
        if self._path is not None:
            self._closed.append((self._path, self._fd))
            self._path, self._fd, self._size = None, -1, 0

    def _keep(self) -> None:
        """The background thread: sync once a second, and fold what has grown full."""
        while not self._stop.wait(SYNC_SECONDS):
            try:
                with self._lock:
                    fd = os.dup(self._fd) if self._dirty and self._fd >= 0 else -1
                    self._dirty = False
                    full = bool(self._closed)
                if fd >= 0:
                    sync_and_close(fd, self.place)  # outside the lock: a slow disk must not hold up the writers
                if full:
                    self._fold_closed()
            except Exception as error:  # raised to the next one who appends or closes
                self._keeper_error = error
                return


def journal_files(place: Path) -> list[Path]:
    """The journals of a folder, whoever's they are."""
    return sorted(path for path in place.glob("*.jsonl") if path.stem != EMPTY)
