"""Locks by name that end with the process that holds them, however it ends; and signs that a process lives.

Here is what both warehouses promise (`Locks`), and how files keep it on one machine (`FileLocks`). A warehouse in
PostgreSQL keeps it for workers on many machines (`synth_assets.lake.locks`). A name is any text.

A lock is taken once: who holds a name and asks for it again waits for itself, as anybody else does.
"""

import fcntl
import hashlib
import logging
import os
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from urllib.parse import quote, unquote

from synth_assets.errors import WarehouseBroken

log = logging.getLogger("synth_assets.locks")

SLOW_WAIT_S = 3.0
POLL_S = 0.05
_MOMENT_S = 0.001
_LONGEST_NAME = 150  # of a file; the rest of a longer one is a hash

Waiting = Callable[[str], None]


class Taken:
    """Names that are held until they are released, this is left as a context manager, or the process ends.

    Args:
        names: those that were got, in the order in which they were asked for.
        release: lets names go.
        lost: of these names, those that somebody else has by now.
    """

    def __init__(
        self,
        names: Iterable[str],
        release: Callable[[Collection[str]], None],
        lost: Callable[[Collection[str]], Collection[str]],
    ) -> None:
        self._names = dict.fromkeys(names)
        self._release = release
        self._lost = lost
        self._changing = threading.Lock()
        self._process = os.getpid()

    @property
    def names(self) -> tuple[str, ...]:
        """What is held, in the order in which it was asked for."""
        return tuple(self._names)

    def __bool__(self) -> bool:
        return bool(self._names)

    def release(self, names: Iterable[str] | None = None) -> None:
        """Let these names go, or all that are left; those that are not held any more are passed over."""
        if os.getpid() != self._process:  # a copy that a fork made holds nothing
            return
        with self._changing:
            going = [name for name in (self.names if names is None else names) if name in self._names]
            if going:
                self._release(going)
            for name in going:
                del self._names[name]

    def check(self) -> None:
        """Ask whether all of it is still held, before something is written that rests on it.

        Files are held for sure. A lock in PostgreSQL outlives a restart of the server and short interruptions; after
        a longer one somebody else may have it.

        Raises:
            WarehouseBroken: somebody else has one of the names by now.
        """
        if os.getpid() != self._process:
            raise RuntimeError("a copy that a fork made holds no lock")
        lost = self._lost(self.names) if self._names else ()
        if lost:
            named = ", ".join(sorted(lost)[:3]) + (f" and {len(lost) - 3} more" if len(lost) > 3 else "")
            raise WarehouseBroken(
                f"the lock of {named} was lost while its server could not be reached, and another run has it now; "
                "what was written before stands. Try again when that run has ended."
            )

    def __enter__(self) -> "Taken":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let all of it go; where nothing else went wrong, whoever lost one of them meanwhile is told (`check`)."""
        try:
            if kind is None:
                self.check()
        finally:
            self.release()


class Locks(ABC):
    """Locks by name, for all processes that share a warehouse. Threads may use one side by side."""

    @contextmanager
    def held(self, name: str, *, waiting: Waiting | None = None) -> Iterator[Taken]:
        """Hold a name for as long as the block runs; waits for whoever has it, for as long as that takes.

        What this thread commits in the block to a warehouse whose locks can be lost is committed only while it is held
        (`check_held`).

        Args:
            waiting: told once, after some seconds of waiting, who has it; a warning in the log when left out.

        Raises:
            WarehouseBroken: locks cannot be kept; or, after the block, the lock was lost meanwhile (`Taken.check`).
        """
        started = time.monotonic()
        told = False
        while not (taken := self.try_take([name])):
            if not told and time.monotonic() - started >= SLOW_WAIT_S:
                told = True
                (waiting or _warn(name))(self.holder(name))
            time.sleep(POLL_S)
        with taken:
            held = _held_here()
            held.append(taken)
            try:
                yield taken
            finally:
                held.remove(taken)

    @abstractmethod
    def try_take(self, names: Iterable[str]) -> Taken:
        """Take those of the names that are free, and wait for none."""

    @abstractmethod
    def is_held(self, name: str) -> bool:
        """Whether anybody has it, this process included, as a lock or as a sign of life."""

    @abstractmethod
    def holder(self, name: str) -> str:
        """Who has it, in words for a person."""

    @abstractmethod
    def show_life(self, name: str) -> Taken:
        """Hold a name as a sign of life: any number of processes may, side by side, and `try_take` is not kept out.

        A process that ends without releasing it leaves a mark behind, by which `dead` knows that it was there.
        """

    @abstractmethod
    def dead(self) -> list[str]:
        """The names under which somebody showed life and nobody does any more, until they are forgotten."""

    @abstractmethod
    def forget(self, names: Iterable[str]) -> None:
        """Remove what the dead left behind; where somebody lives by that name, nothing is done."""


_here = threading.local()


def check_held() -> None:
    """Ask whether all that this thread holds by `Locks.held` is held still, before something is committed.

    Raises:
        WarehouseBroken: see `Taken.check`.
    """
    for taken in _held_here():
        taken.check()


def _held_here() -> list[Taken]:
    if not hasattr(_here, "held"):
        _here.held = []
    return _here.held


class FileLocks(Locks):
    """Locks as files of a folder, for the processes of one machine.

    A lock is a file that its holder keeps locked (flock) and removes when it lets it go; one that was killed leaves the
    file, which the next who comes finds free. Holders that fork do not hand their locks on.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def try_take(self, names: Iterable[str]) -> Taken:
        asked = list(dict.fromkeys(names))
        taken = self._take(asked, {})
        if len(taken) < len(asked):
            # whoever looks whether a file is held holds it for a moment: look at those once more
            time.sleep(_MOMENT_S)
            taken |= self._take([name for name in asked if name not in taken], taken)
        ordered = [name for name in asked if name in taken]
        return Taken(ordered, lambda going: self._let_go(going, taken, self._path), _none_lost)

    def is_held(self, name: str) -> bool:
        return _is_locked(self._path(name)) or _is_locked(self.life_path(name))

    def holder(self, name: str) -> str:
        with suppress(OSError):
            if text := self._path(name).read_text("utf-8").strip():
                return text
        return "another process"

    def show_life(self, name: str) -> Taken:
        path = self.life_path(name)
        held = _lock(path, fcntl.LOCK_SH)
        while held is None:  # somebody looks at it just now whether it is held
            time.sleep(_MOMENT_S)
            held = _lock(path, fcntl.LOCK_SH)
        return Taken([name], lambda going: self._let_go(going, {name: held}, self.life_path), _none_lost)

    def dead(self) -> list[str]:
        return sorted(unquote(path.stem) for path in self.folder.glob("*.alive") if not _is_locked(path))

    def forget(self, names: Iterable[str]) -> None:
        for name in names:
            path = self.life_path(name)
            if path.exists():
                held = _lock(path, fcntl.LOCK_EX)
                if held is not None:
                    _remove(path, held)

    def life_path(self, name: str) -> Path:
        """The file that says that somebody lives by this name."""
        return self.folder / f"{short_name(name)}.alive"

    def _take(self, names: Iterable[str], before: dict[str, int]) -> dict[str, int]:
        taken: dict[str, int] = {}
        try:
            for name in names:
                held = _lock(self._path(name), fcntl.LOCK_EX)
                if held is not None:
                    taken[name] = held
        except BaseException:
            both = before | taken
            self._let_go(list(both), both, self._path)
            raise
        return taken

    def _path(self, name: str) -> Path:
        return self.folder / f"{short_name(name)}.lock"

    def _let_go(self, going: Collection[str], held: dict[str, int], path_of: Callable[[str], Path]) -> None:
        for name in going:
            _remove(path_of(name), held.pop(name))


# What this process has open and locked: a child made by fork would otherwise hold it on after its parent's death.
_open: set[int] = set()
_opening = threading.Lock()


def _close_in_child() -> None:
    for held in _open:
        os.close(held)
    _open.clear()
    _opening.release()


os.register_at_fork(before=_opening.acquire, after_in_parent=_opening.release, after_in_child=_close_in_child)


def _lock(path: Path, how: int) -> int | None:
    """The file, open and locked; None where somebody else has it.

    Raises:
        WarehouseBroken: it cannot be made.
    """
    try:
        while True:
            with _opening:
                try:
                    held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                except FileNotFoundError:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    continue
                _open.add(held)
            try:
                fcntl.flock(held, how | fcntl.LOCK_NB)
            except BlockingIOError:
                _close(held)
                return None
            if _is_at(path, held):
                break
            _close(held)  # whoever had it removed the file between the two
        os.ftruncate(held, 0)
        os.pwrite(held, who().encode(), 0)
        return held
    except OSError as error:
        raise WarehouseBroken(f"{path}: cannot be written: {error.strerror}") from error


def _is_locked(path: Path) -> bool:
    """Whether anybody has it. A file that is not there nobody has."""
    try:
        looked = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(looked, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(looked)
    return False


def _remove(path: Path, held: int) -> None:
    """Let a file go, and remove it where nobody else holds it as well."""
    with suppress(BlockingIOError):
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _is_at(path, held):
            path.unlink(missing_ok=True)
    _close(held)


def _close(held: int) -> None:
    with _opening:
        _open.discard(held)
        os.close(held)


def _is_at(path: Path, held: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(held))
    except FileNotFoundError:
        return False


def short_name(name: str) -> str:
    """A name as files and tables bear it: all but letters, digits and -._~ quoted, the end of a long one hashed."""
    quoted = quote(name, safe=" ")
    if len(quoted) <= _LONGEST_NAME:
        return quoted
    return f"{quoted[:80]}-{hashlib.sha256(name.encode()).hexdigest()[:32]}"


def _warn(name: str) -> Waiting:
    return lambda holder: log.warning("waiting for %s, held by %s", name, holder)


def _none_lost(names: Collection[str]) -> Collection[str]:
    return ()


def who() -> str:
    """This process, for those who wait for it."""
    return f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
