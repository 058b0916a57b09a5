"""Redis on localhost: the queue between Dagster and its workers."""

import shutil
import socket
from pathlib import Path

from synth_assets.cluster.servers import (
    LOCALHOST,
    begin_server,
    end_server,
    read_started,
    runs,
    wait_until,
    with_ports,
    with_secrets,
)
from synth_assets.errors import ClusterError

NAME = "Redis"
HOW = "install it: `apt-get install redis-server` (Debian, Ubuntu), `brew install redis` (macOS)"


def missing() -> str:
    """What is missing and how to get it; "" where nothing is."""
    return "" if shutil.which("redis-server") else f"{NAME}: redis-server is not found; {HOW}"


def start(folder: Path) -> bool:
    """Start it and wait until it answers; False when it ran already.

    Raises:
        ClusterError: it is not installed, or does not start.
    """
    if missing():
        raise ClusterError(missing())
    folder.mkdir(parents=True, exist_ok=True)
    started = read_started(folder)
    if runs(started):
        wait_until(lambda: answers(folder), f"{NAME} does not answer")
        return False
    with_secrets(started, ["password"])
    with_ports(started, ["redis"])
    # a file, because a command line shows its password to everybody
    configuration = folder / "redis.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(
        f"bind {LOCALHOST}\nport {started.ports['redis']}\nrequirepass {started.secrets['password']}\n"
        'dir "."\nappendonly yes\nsave ""\n',
        "utf-8",
    )
    program = shutil.which("redis-server")
    assert program is not None
    line = ["/bin/sh", "-c", 'cd "$1" && exec "$2" redis.conf', "sh", str(folder), program]
    begin_server(NAME, folder, line, started, answers)
    return True


def stop(folder: Path) -> bool:
    """End it; False when it did not run."""
    return end_server(NAME, folder)


def answers(folder: Path) -> bool:
    """Whether it takes commands."""
    started = read_started(folder)
    if "redis" not in started.ports or not runs(started):
        return False
    try:
        with socket.create_connection((LOCALHOST, started.ports["redis"]), timeout=5) as line:
            line.sendall(f"AUTH {started.secrets['password']}\r\nPING\r\n".encode())
            reply = b""
            while reply.count(b"\r\n") < 2 and (more := line.recv(256)):
                reply += more
    except OSError:
        return False
    return reply == b"+OK\r\n+PONG\r\n"


def pid(folder: Path) -> int:
    """Its process; 0 while it does not run."""
    started = read_started(folder)
    return started.pid if runs(started) else 0


def settings(folder: Path) -> dict[str, str]:
    """Environment variables by which clients find it."""
    started = read_started(folder)
    return {"SYNTH_ASSETS_QUEUE": f"redis://:{started.secrets['password']}@{LOCALHOST}:{started.ports['redis']}/0"}
