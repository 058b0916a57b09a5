"""`synth-assets cluster`: the servers of a cluster on this machine, to try it: started, shown and ended."""

import os
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Any

from synth_assets.cluster import localhost
from synth_assets.home import Home


def cluster_folder(given: str | None = None) -> Path:
    """Where the servers and workers keep their files: the folder that is named, or in the home."""
    return Path(given).resolve() if given else Home.find().data / "cluster"


def start_cluster(folder: Path, workers: int) -> dict[str, str]:
    """Start what does not run and wait until all answer; the environment variables that lead to them.

    Args:
        workers: how many; 0 starts the servers alone.
    """
    if not workers:
        return localhost.up(folder)
    recipe = os.environ.get("SYNTH_ASSETS_RECIPE", "")
    if recipe and Path(recipe).is_file():
        os.environ["SYNTH_ASSETS_RECIPE"] = str(Path(recipe).resolve())  # workers stand in other folders
    return localhost.up_with_workers(folder, workers, Home.find().releases)


def end_cluster(folder: Path) -> list[str]:
    """End what runs; the names of what was ended. What the servers hold stays."""
    return localhost.down(folder)


def cluster_status(folder: Path) -> list[dict[str, Any]]:
    """Every server and process: {"name", "state": "answers", "is down" or "missing", "detail", "pid", "address"}."""
    return [asdict(found) for found in localhost.status(folder)]


def status_line(found: dict[str, Any]) -> str:
    """One of `cluster_status`, for people."""
    place = [found["address"], f"process {found['pid']}" if found["pid"] else ""]
    told = [text for text in (found["detail"], *place) if text]
    return f"{found['name']} {found['state']}" + (f": {', '.join(told)}" if told else "")


def as_exports(settings: dict[str, str]) -> str:
    """Lines for a shell to read: `eval "$(synth-assets cluster up)"`."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in settings.items())
