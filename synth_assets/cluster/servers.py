"""A server on this machine that the package starts, asks whether it answers, and ends.

What a server is started with stands in `<folder>/server.json`, readable by its owner alone: ports and secrets stay what
they were from one start to the next, so that settings once exported go on being right.
"""

import json
import os
import secrets
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from synth_assets.errors import ClusterError

LOCALHOST = "127.0.0.1"
PATIENCE_S = 60.0


@dataclass(slots=True, kw_only=True)
class Started:
    """What a server was started with.

    Attributes:
        ports: by purpose, on localhost.
        secrets: by purpose; made once, in the home.
        pid, since: the process and when it was started, as the system says, so that another process which later bears
            its number is not taken for it; 0 and "" while it does not run.
        group: the process group of it and of what it started; 0 while it does not run.
    """

    ports: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    pid: int = 0
    since: str = ""
    group: int = 0


def read_started(folder: Path) -> Started:
    """What `write_started` wrote; empty where nothing was started yet.

    Raises:
        ClusterError: the file is damaged.
    """
    path = folder / "server.json"
    try:
        return Started(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return Started()
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            f"{path}: cannot be read ({error}); end what runs there, remove {folder}, begin anew"
        ) from error


def write_started(folder: Path, started: Started) -> None:
    """Keep what a server is started with, for its owner's eyes."""
    path = folder / "server.json"
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(asdict(started)), "utf-8")
    os.replace(fresh, path)


def with_ports(started: Started, names: Sequence[str]) -> None:
    """Give every purpose a port, once: settings that were exported, and what the servers wrote down, go on being right.

    Raises:
        ClusterError: a port that was given before is taken by another program.
    """
    for name in names:
        if name not in started.ports:
            free = (port for port in _ports() if port not in started.ports.values() and is_free(port))
            started.ports[name] = next(free)
        else:
            port = started.ports[name]
            wait_until(lambda port=port: is_free(port), f"port {port} ({name}) is taken by another program", 5.0)


def _ports() -> Iterator[int]:
    """Ports in chance order, below those that systems give to clients, which would take one while a server is down."""
    while True:
        yield 20_000 + secrets.randbelow(12_000)


def is_free(port: int) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((LOCALHOST, port))
        except OSError:
            return False
    return True


def with_secrets(started: Started, names: Sequence[str]) -> None:
    """Give every purpose a secret of 32 hex digits, once."""
    for name in names:
        started.secrets.setdefault(name, secrets.token_hex(16))


def begin_process(
    command: Sequence[str],
    started: Started,
    log: Path,
    environment: Mapping[str, str] | None = None,
    at: Path | None = None,
) -> None:
    """Start a server that lives on when this process ends; its output goes to `log`, for its owner's eyes.

    Args:
        environment: what is set beside the variables of this process; secrets stand here, never in `command`.
        at: the folder that it works in; None for that of this process.
    """
    log.touch(mode=0o600)
    # a child of a shell that ends belongs to nobody here: no zombie is left, and no handle to wait on
    line = f"nohup {shlex.join(command)} </dev/null >>{shlex.quote(str(log))} 2>&1 & echo $!"
    told = subprocess.run(
        ["/bin/sh", "-c", line], check=True, capture_output=True, text=True, start_new_session=True,
        env={**os.environ, **(environment or {})}, cwd=at,
    )  # fmt: skip
    started.pid = int(told.stdout)
    started.since = _since(started.pid)
    with suppress(ProcessLookupError):  # it ended at once; who waits for it says so
        started.group = os.getpgid(started.pid)


def runs(started: Started) -> bool:
    """Whether the process that was started still lives."""
    return bool(started.pid) and started.since != "" and _since(started.pid) == started.since


def end_process(name: str, started: Started, patience_s: float = PATIENCE_S, *, by_force: bool = False) -> bool:
    """End it and wait for its end; False when it did not run.

    Args:
        by_force: kill it, and what it started, when it has not ended in `patience_s`.

    Raises:
        ClusterError: it lives on; nothing was killed unless `by_force` said so.
    """
    if not runs(started):
        return False
    os.kill(started.pid, signal.SIGTERM)
    try:
        wait_until(lambda: not runs(started), f"{name} (process {started.pid}) does not end", patience_s)
    except ClusterError:
        if not by_force:
            raise
        os.killpg(started.group, signal.SIGKILL)
        wait_until(lambda: not runs(started), f"{name} (process {started.pid}) cannot be killed", 10.0)
    started.pid, started.since, started.group = 0, "", 0
    return True


def begin_server(
    name: str,
    folder: Path,
    command: Sequence[str],
    started: Started,
    answers: Callable[[Path], bool],
    environment: Mapping[str, str] | None = None,
    at: Path | None = None,
    patience_s: float = PATIENCE_S,
) -> None:
    """Start a server whose output goes to `<folder>/server.log`, and wait until it answers.

    Raises:
        ClusterError: it does not start, or does not answer.
    """
    log = folder / "server.log"
    begin_process(command, started, log, environment, at)
    write_started(folder, started)
    wait_until(lambda: answers(folder) or not runs(started), f"{name} (its log is {log}) does not answer", patience_s)
    if not runs(started):
        raise ClusterError(f"{name} does not start: {last_lines(log)}")


def end_server(name: str, folder: Path, patience_s: float = PATIENCE_S, *, by_force: bool = False) -> bool:
    """End what `begin_server` started, as `end_process` does; False when it did not run.

    Raises:
        ClusterError: it lives on; nothing was killed unless `by_force` said so.
    """
    started = read_started(folder)
    ended = end_process(name, started, patience_s, by_force=by_force)
    if ended:
        write_started(folder, started)
    return ended


def wait_until(ready: Callable[[], bool], trouble: str, patience_s: float = PATIENCE_S) -> None:
    """Wait for something that is looked at every 50 ms.

    Raises:
        ClusterError: with `trouble`, when it takes longer than `patience_s`.
    """
    end = time.monotonic() + patience_s
    while not ready():
        if time.monotonic() > end:
            raise ClusterError(f"{trouble} after {patience_s:.0f} s")
        time.sleep(0.05)


def last_lines(log: Path, count: int = 3) -> str:
    """The end of a server's log, in one line, for an error's text."""
    if not log.exists():
        return "it wrote no log"
    return " / ".join(log.read_text("utf-8", "replace").strip().splitlines()[-count:])


def _since(pid: int) -> str:
    """When a process was started; "" where there is none, or where it has ended and waits to be taken away."""
    try:
        # what stands behind the name in brackets, which may hold anything: the state first, the start as the 20th
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except OSError:
        if Path("/proc/self").exists():
            return ""
    found = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, since = found.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else " ".join(since.split())
