"""What computes in a cluster, on this machine: workers, Dagster's daemon and its webserver, each a process in a home of
its own, as if each were another machine. Only releases, which people look for, are written into one folder.
"""

import importlib.util
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path

from synth_assets.cluster.dagster_home import write_sized
from synth_assets.cluster.servers import (
    LOCALHOST,
    begin_server,
    end_server,
    read_started,
    runs,
    wait_until,
    with_ports,
)

WEBSERVER = "webserver"
DAEMON = "daemon"
NEEDED = ("celery", "redis", "dagster_celery", "dagster_postgres", "psycopg2")
HOW = "install what it takes: `pip install 'synth-assets[lake,celery]'`"
# The webserver loads the whole package, on a machine that may be busy.
START_PATIENCE_S = 240.0
# A worker lets its run end for 20 s, and the run's stages then end in order.
WORKER_PATIENCE_S = 90.0


def missing() -> str:
    """What is missing and how to get it; "" where nothing is."""
    lacking = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    return f"workers: {', '.join(lacking)} cannot be imported; {HOW}" if lacking else ""


def names_of(folder: Path, workers: int | None = None) -> list[str]:
    """The processes by name, in the order in which they start; those that ever ran here, or with so many workers."""
    if workers is None:
        known = sorted(path.parent.name for path in folder.glob("worker-*/server.json"))
        known += [name for name in (WEBSERVER, DAEMON) if (folder / name / "server.json").exists()]
        return known
    return [*(f"worker-{number}" for number in range(1, workers + 1)), WEBSERVER, DAEMON] if workers else []


def start(folder: Path, name: str, places: int, settings: Mapping[str, str], releases: Path) -> bool:
    """Start one of them in the home `<folder>/<name>` and wait until it takes work; False when it ran already.

    Args:
        places: how many runs go at once, over all workers.
        settings: environment variables by which it finds the servers.
        releases: the one folder of releases.

    Raises:
        ClusterError: it does not start, or does not answer.
    """
    home = folder / name
    home.mkdir(parents=True, exist_ok=True)
    started = read_started(home)
    if runs(started):
        wait_until(lambda: answers(folder, name), f"the {name} does not answer")
        return False
    write_sized(home, places)
    _share_releases(home, releases)
    if name == WEBSERVER:
        with_ports(started, ["http"])
    _ready(home).unlink(missing_ok=True)
    environment = {
        **settings, "SYNTH_ASSETS_HOME": str(home), "DAGSTER_HOME": str(home), "PYTHONUNBUFFERED": "1",
        "DAGSTER_DISABLE_TELEMETRY": "1", "PYTHONPATH": _python_path(),
    }  # fmt: skip
    command = _command(name, started.ports.get("http", 0))
    # relative paths of dagster.yaml count from the folder that a process works in
    begin_server(
        f"the {name}", home, command, started, lambda _: answers(folder, name), environment, home, START_PATIENCE_S
    )
    return True


def stop(folder: Path, name: str) -> bool:
    """End it in order; a worker gives back the run that it has. False when it did not run.

    Raises:
        ClusterError: it cannot be ended.
    """
    return end_server(f"the {name}", folder / name, WORKER_PATIENCE_S, by_force=True)


def answers(folder: Path, name: str) -> bool:
    """Whether it takes work."""
    started = read_started(folder / name)
    if not runs(started):
        return False
    if name == WEBSERVER:
        return _serves(started.ports["http"])
    return name == DAEMON or _ready(folder / name).exists()


def address(folder: Path, name: str) -> str:
    """Where a person or a client reaches it; "" for what only asks."""
    port = read_started(folder / name).ports.get("http")
    return f"http://{LOCALHOST}:{port}" if port else ""


def _command(name: str, port: int) -> Sequence[str]:
    if name == WEBSERVER:
        return [sys.executable, "-m", "dagster_webserver", "-w", "workspace.yaml", "-h", LOCALHOST, "-p", str(port)]
    if name == DAEMON:
        return [sys.executable, "-m", "dagster._daemon", "run", "-w", "workspace.yaml"]
    return [sys.executable, "-m", "synth_assets", "cluster", "worker"]


def _python_path() -> str:
    """Where this process finds its packages, for one that starts in another folder."""
    return os.pathsep.join(str(Path(entry).resolve()) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep)
                           if entry)  # fmt: skip


def _share_releases(home: Path, releases: Path) -> None:
    (home / ".dagster").mkdir(exist_ok=True)
    releases.mkdir(parents=True, exist_ok=True)
    link = home / ".synth" / "releases"
    link.parent.mkdir(exist_ok=True)
    if not link.exists():
        link.symlink_to(releases, target_is_directory=True)


def _ready(home: Path) -> Path:
    """What a worker puts there when it takes runs."""
    return home / ".synth" / "worker.ready"


def _serves(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOCALHOST}:{port}/server_info", timeout=5) as reply:
            return reply.status == HTTPStatus.OK
    except (urllib.error.URLError, OSError):
        return False
