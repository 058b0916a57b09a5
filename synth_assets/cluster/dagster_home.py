"""The folder in which a process of a cluster works: Dagster's configuration that ships with the package."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "configurations"
FILES = ("dagster.yaml", "workspace.yaml")


def write_configuration(kind: str, home: Path) -> None:
    """Bring dagster.yaml and workspace.yaml of "celery" or "kubernetes" into a home that lacks them."""
    home.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        if not (home / name).exists():
            shutil.copy(FOLDER / kind / name, home / name)


def write_sized(home: Path, places: int) -> None:
    """Celery's configuration for a cluster of so many places: as many runs at once, one of them left to people."""
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy(FOLDER / "celery" / "workspace.yaml", home / "workspace.yaml")
    given = yaml.safe_load((FOLDER / "celery" / "dagster.yaml").read_text("utf-8"))
    _size(given["concurrency"]["runs"], places)
    text = yaml.safe_dump(given, sort_keys=False)
    (home / "dagster.yaml").write_text(f"# Made by `synth-assets cluster up` for {places} workers.\n{text}", "utf-8")


def _size(runs: dict[str, Any], places: int) -> None:
    runs["max_concurrent_runs"] = places
    limits: list[Mapping[str, Any]] = runs["tag_concurrency_limits"]
    runs["tag_concurrency_limits"] = [
        {**limit, "limit": max(1, places - 1)} if limit["value"] == "schedule" else limit for limit in limits
    ]
