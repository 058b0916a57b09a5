"""The stage that publishes: an immutable folder of files, named by the hash of what it holds and how.

The database is held twice and shortly: while the rows are copied to a file and the facts about them are read, and while
the release is entered in its table. Everything between, minutes for a million samples, other runs go on beside.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version as version_of
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import polars as pl
import yaml

from synth_assets.errors import ReleaseError
from synth_assets.exercises import EXERCISES
from synth_assets.quality.verdict import resolve_thresholds, resolve_weights
from synth_assets.recipe import Recipe, ReleasePlan
from synth_assets.release.compare import Comparison, compare_releases
from synth_assets.release.manifest import Manifest, MarkUse
from synth_assets.release.source import ReleaseSource, content_version
from synth_assets.release.split import SPLITS
from synth_assets.release.warehouse_rows import read_fates, read_info, read_to_measure, stage_samples
from synth_assets.release.writer import write_release
from synth_assets.stages.best import left_out
from synth_assets.stages.corpus import encoder_name
from synth_assets.stages.standards import composite_threshold_of, overrides_of, scorers_of
from synth_assets.stages.work import Progress, Work, now
from synth_assets.warehouse import Warehouse

# Beside the releases, so that it lies on the disk that has room for them; the lock on publishing keeps it one.
STAGED = ".staged.parquet"
# Where one person's models answer and lie; it is nobody else's business, and of no use to them.
_OF_ONE_PLACE = ("address", "gguf", "api_key_env", "batch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What `publish_release` did.

    Attributes:
        samples: how many rows it holds; `splits` says how many in each split.
        new: False when this very release was there already.
        notation: how the traces use each mark of the notation, beside SYNTH's published shares.
        since: version published last before this one, empty where there was none.
        comparison: what came, went and changed since then; None where there is nothing to compare with.
        not_compared: why an earlier release could not be compared with, else empty.
    """

    version: str
    folder: Path
    samples: int
    new: bool
    splits: Mapping[str, int]
    notation: tuple[MarkUse, ...]
    since: str = ""
    comparison: Comparison | None = None
    not_compared: str = ""


def publish_release(work: Work) -> Publication | None:
    """Release the accepted samples as the recipe's `release` says; None when there are none.

    The version is a hash of all rows and of that plan: publishing the same state again gives the same version and
    leaves its folder as it is.

    Raises:
        ReleaseError: see `write_release`; nothing half done is left.
        WarehouseBroken: the rows could not be copied out of the database.
    """
    with work.exclusive("release"):
        staged = work.home.releases / STAGED
        try:
            with work.warehouse.transaction("copying the samples to release") as open_:
                open_.execute("transforms/clear_left_out")
                open_.insert("left_out", left_out(open_, work.recipe))
                open_.execute("transforms/insert_left_out_withdrawn")
                source = stage_samples(open_, staged)
                about = read_info(open_, **_facts_of(work.recipe))
                to_measure = read_to_measure(open_, encoder_name(work))
            total = sum(keys.height for keys in source.split_keys())
            if not total:
                return None
            plan = work.recipe.release
            how = {**plan.model_dump(), "formats": sorted(set(plan.formats))}
            version = content_version(_Watched(source, work.progress, "hashing rows", total), how)
            folder = work.home.releases / version
            new = not folder.exists()
            manifest = write_release(
                folder,
                _Watched(source, work.progress, "writing files", total),
                replace(about, version=version, diversity=to_measure.diversity() if new else None),
                shares=_shares_of(plan),
                formats=plan.formats,
            )
        finally:
            staged.unlink(missing_ok=True)
        since = _enter(work, folder, manifest)
        made = Publication(
            version=version,
            folder=folder,
            samples=manifest.samples,
            new=new,
            splits=manifest.splits,
            notation=manifest.notation,
        )
        return made if since is None else _compared(work, made, since)


def published_recipe(recipe: Recipe) -> str:
    """The recipe as YAML for everybody: everything it says, defaults included, but nothing of one person's machines.

    Left out are addresses, model files, batch interfaces and names of variables with keys; of a path that begins at
    the root or at home only the last part stays. What is left is a recipe that can be loaded.
    """
    said = recipe.model_dump(mode="json", exclude_none=True)
    models = {
        role: {key: value for key, value in entry.items() if key not in _OF_ONE_PLACE}
        for role, entry in said["models"].items()
    }
    # `release` is words for everybody already
    clean = {key: value if key == "release" else _without_places(value) for key, value in said.items()}
    return yaml.safe_dump({**clean, "models": _without_places(models)}, sort_keys=False, allow_unicode=True)


def _without_places(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_places(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_places(each) for each in value]
    if isinstance(value, str) and re.match(r"/|~/|[A-Za-z]:[\\/]", value):
        return PureWindowsPath(value).name if "\\" in value else PurePosixPath(value).name
    return value


def _facts_of(recipe: Recipe) -> dict[str, Any]:
    """What the recipe knows of a release; its version is named when the rows were read."""
    return {
        "version": "",
        "package_version": version_of("synth-assets"),
        "recipe_name": recipe.name,
        "recipe_hash": recipe.hash,
        "recipe_text": published_recipe(recipe),
        "thresholds": _thresholds_of(recipe),
        "title": recipe.release.title,
        "description": recipe.release.description,
        "limits": tuple(recipe.release.limits),
    }


def _thresholds_of(recipe: Recipe) -> dict[str, float]:
    """Every threshold and weight that decided over the recipe's rows, whether it named them or the package did."""
    scorers = {scorer for name in recipe.exercises for scorer in scorers_of(recipe, EXERCISES[name])}
    resolved = resolve_thresholds(overrides_of(recipe))
    weights = resolve_weights(recipe.quality_weights)
    found = {f"{scorer} {name}": value for scorer in scorers for name, value in resolved[scorer].items()}
    found |= {f"weight of {scorer}": weights[scorer] for scorer in scorers}
    return {**found, "composite": composite_threshold_of(recipe)}


def _shares_of(plan: ReleasePlan) -> dict[str, float]:
    """The plan's shares of all splits, adding up to 1 to the last digit: a recipe's thirds do not."""
    total = sum(plan.splits.values())
    return {split: plan.splits.get(split, 0.0) / total for split in SPLITS}


def _enter(work: Work, folder: Path, manifest: Manifest) -> dict[str, Any] | None:
    """Enter the release in its table as the newest one; gives the row of the one published last before it."""
    row = {
        "version": manifest.version,
        "samples": manifest.samples,
        "folder": str(folder),
        "files": [{"name": file.name, "bytes": file.bytes, "sha256": file.sha256} for file in manifest.files],
        "cells": [
            {"cell": each.cell, "language": each.language, "split": each.split, "samples": each.samples}
            for each in manifest.cells
        ],
        "released_at": now(),
        **work.stamp(),
    }
    with work.warehouse.transaction("entering the release") as open_:
        previous = open_.rows("release/previous", name=manifest.version)
        if not open_.insert("release", [row]):
            open_.execute("transforms/newest_release", name=manifest.version)
    return previous[0] if previous else None


def _compared(work: Work, made: Publication, since: Mapping[str, Any]) -> Publication:
    """The publication with what became of the release before it. One that cannot be read any more stops nothing."""
    try:
        found = compare_releases(Path(since["folder"]), made.folder, lambda ids: fates_of(work.warehouse, ids))
    except ReleaseError as error:
        work.log.warning("release %s is not compared with %s: %s", made.version, since["version"], error)
        return replace(made, since=since["version"], not_compared=str(error))
    return replace(made, since=since["version"], comparison=found)


def fates_of(warehouse: Warehouse, candidate_ids: Sequence[str]) -> dict[str, str]:
    """What became of candidates, in words, in a transaction of its own; see `read_fates`."""
    with warehouse.reading("reading what became of samples") as open_:
        return read_fates(open_, candidate_ids)


class _Watched:
    """A source that tells how far its rows are read."""

    def __init__(self, source: ReleaseSource, progress: Progress, stage: str, total: int) -> None:
        self._source = source
        self._progress = progress
        self._stage = stage
        self._total = total

    def split_keys(self) -> Iterator[pl.DataFrame]:
        yield from self._source.split_keys()

    def batches(self) -> Iterator[pl.DataFrame]:
        done = 0
        for batch in self._source.batches():
            yield batch
            done += batch.height
            self._progress(self._stage, done, self._total)
