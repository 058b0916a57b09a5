"""`synth-assets cluster`: the servers of a cluster on this machine, to try it: started, shown and ended."""

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Any

from synth_assets.cluster import localhost
from synth_assets.home import Home


def cluster_folder() -> Path:
    """Where the servers keep their files: in the home."""
    return Home.find().data / "cluster"


def start_cluster() -> dict[str, str]:
    """Start what does not run and wait until all answer; the environment variables that lead to them."""
    return localhost.up(cluster_folder())


def end_cluster() -> list[str]:
    """End what runs; the names of what was ended. What the servers hold stays."""
    return localhost.down(cluster_folder())


def cluster_status() -> list[dict[str, Any]]:
    """Every server: {"name", "state": "answers", "is down" or "missing", "detail"}."""
    return [asdict(found) for found in localhost.status(cluster_folder())]


def as_exports(settings: dict[str, str]) -> str:
    """Lines for a shell to read: `eval "$(synth-assets cluster up)"`."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in settings.items())
