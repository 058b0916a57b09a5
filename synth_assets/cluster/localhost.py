"""All servers that a cluster takes, on this machine, under one folder: to try it, and for tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from synth_assets.cluster import objects, postgres, redis
from synth_assets.errors import ClusterError

SERVERS: dict[str, ModuleType] = {"postgres": postgres, "redis": redis, "objects": objects}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerState:
    """One server as it is found: "answers", "is down", or "missing" with what to install."""

    name: str
    state: str
    detail: str


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


def down(folder: Path, names: Sequence[str] = tuple(SERVERS)) -> list[str]:
    """End what runs; the names of what was ended. What they hold stays."""
    return [name for name in reversed(names) if SERVERS[name].stop(folder / name)]


def status(folder: Path) -> list[ServerState]:
    """Every server as it is found."""
    found = []
    for name, server in SERVERS.items():
        answers = server.answers(folder / name)
        lacking = server.missing()
        state = "answers" if answers else "missing" if lacking else "is down"
        found.append(ServerState(name=server.NAME, state=state, detail=lacking))
    return found


def settings(folder: Path, names: Sequence[str] = tuple(SERVERS)) -> dict[str, str]:
    """The environment variables by which clients find the servers that were started here."""
    found: dict[str, str] = {}
    for name in names:
        found |= SERVERS[name].settings(folder / name)
    return found
