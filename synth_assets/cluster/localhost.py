"""All servers that a cluster takes, on this machine, under one folder: to try it, and for tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from synth_assets.cluster import compute, objects, postgres, redis
from synth_assets.cluster.servers import LOCALHOST, read_started, runs
from synth_assets.errors import ClusterError

SERVERS: dict[str, ModuleType] = {"postgres": postgres, "redis": redis, "objects": objects}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerState:
    """One server or process as it is found.

    Attributes:
        state: "answers", "is down", or "missing".
        detail: what to install where it is missing.
        pid: its process; 0 while it is down.
        address: where it listens; "" for what only asks.
    """

    name: str
    state: str
    detail: str = ""
    pid: int = 0
    address: str = ""


def up(folder: Path, names: Sequence[str] = tuple(SERVERS)) -> dict[str, str]:
    """Start what does not run, wait until all answer; the environment variables by which clients find them.

    Raises:
        ClusterError: what is missing, all of it, before anything is started; or what does not start.
    """
    lacking = [text for name in names if (text := SERVERS[name].missing())]
    if lacking:
        raise ClusterError("; ".join(lacking))
    for name in names:
        SERVERS[name].start(folder / name)
    return settings(folder, names)


def up_with_workers(folder: Path, workers: int, releases: Path) -> dict[str, str]:
    """Start the servers, so many workers, Dagster's webserver and its daemon; as `up`, with SYNTH_ASSETS_UI beside.

    Raises:
        ClusterError: as `up` does; or `workers` is another number than those that run.
    """
    if lacking := compute.missing():
        raise ClusterError(lacking)
    running = [name for name in compute.names_of(folder) if runs(read_started(folder / name))]
    if extra := set(running) - set(compute.names_of(folder, workers)):
        raise ClusterError(f"{', '.join(sorted(extra))} run already; end the cluster first, to have fewer workers")
    found = up(folder)
    for name in compute.names_of(folder, workers):
        compute.start(folder, name, workers, found, releases)
    return found | {"SYNTH_ASSETS_UI": compute.address(folder, compute.WEBSERVER)}


def down(folder: Path, names: Sequence[str] = tuple(SERVERS)) -> list[str]:
    """End what runs, the daemon first, so that it launches nothing more; the names of what was ended.

    Workers give back the runs that they have, and a daemon that is started later has them repeated. What the servers
    hold stays.
    """
    ended = [name for name in reversed(compute.names_of(folder)) if compute.stop(folder, name)]
    return ended + [name for name in reversed(names) if SERVERS[name].stop(folder / name)]


def status(folder: Path) -> list[ServerState]:
    """Every server as it is found, and every worker and process of Dagster's that was started here."""
    found = []
    for name, server in SERVERS.items():
        answers = server.answers(folder / name)
        lacking = server.missing()
        state = "answers" if answers else "missing" if lacking else "is down"
        started = read_started(folder / name)
        port = next(iter(started.ports.values()), 0)
        found.append(
            ServerState(name=server.NAME, state=state, detail=lacking, pid=server.pid(folder / name) if answers else 0,
                        address=f"{LOCALHOST}:{port}" if answers else "")
        )  # fmt: skip
    for name in compute.names_of(folder):
        answers = compute.answers(folder, name)
        started = read_started(folder / name)
        found.append(
            ServerState(name=name, state="answers" if answers else "is down", pid=started.pid if answers else 0,
                        address=compute.address(folder, name) if answers else "")
        )  # fmt: skip
    return found


def settings(folder: Path, names: Sequence[str] = tuple(SERVERS)) -> dict[str, str]:
    """The environment variables by which clients find the servers that were started here."""
    found: dict[str, str] = {}
    for name in names:
        found |= SERVERS[name].settings(folder / name)
    return found
