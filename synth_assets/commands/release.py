"""`synth-assets release`: publish what is accepted by a Dagster run, upload it, compare releases, check their files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

import dagster as dg
from dagster import DagsterExecutionInterruptedError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import SQLAlchemyError

from synth_assets.commands.project import open_home, open_instance, open_warehouse
from synth_assets.commands.run import QUIET
from synth_assets.definitions import defs
from synth_assets.defs.resources import LAUNCH_TAG
from synth_assets.errors import ReleaseError, SynthAssetsError
from synth_assets.release.compare import Comparison, compare_releases
from synth_assets.release.manifest import read_manifest, verify_release
from synth_assets.release.push import check_upload, upload_release
from synth_assets.release.versions import find_release
from synth_assets.stages.publish import fates_of
from synth_assets.stages.recipes import load_checked_recipe
from synth_assets.stages.work import Asking, listening


def publish(console: Console, *, recipe_name: str, push: str | None = None, private: bool = False) -> dict[str, Any]:
    """Publish what is accepted now, and upload it to the dataset `push` where one is named.

    Returns:
        {"version", "folder", "samples", "new", "splits": {split: samples}, "since": version or None, "run_id",
        "failed_checks": [check], "pushed": {"repo_id", "commit", "url"} or None}. `failed_checks` names the asset
        checks that found something and hold no release back.

    Raises:
        ReleaseError: nothing is accepted, a check that holds releases back found something, or the release cannot be
            written or uploaded. What cannot be uploaded is published all the same, unless it is the name or the token
            that is missing.
        SynthAssetsError: the recipe, the home or the warehouse cannot be used.
    """
    if push is not None:
        check_upload(push)
    recipe_path = str(Path(recipe_name).resolve()) if Path(recipe_name).exists() else recipe_name
    recipe = load_checked_recipe(recipe_path)
    home = open_home()
    tags = {"synth_assets/recipe": recipe.name, "synth_assets/trigger": "command line", LAUNCH_TAG: uuid4().hex}
    config = {**QUIET, "resources": {"recipe": {"config": {"path": recipe_path}}}}
    try:
        with open_instance(home) as instance, _showing(console, "publishing the release"):
            result = defs.resolve_job_def("publish").execute_in_process(instance=instance, run_config=config, tags=tags)
    except dg.Failure as failure:  # our own errors, as every asset wraps them
        raise failure.__cause__ or SynthAssetsError(failure.description or "the run failed") from failure
    except DagsterExecutionInterruptedError as ended:
        raise KeyboardInterrupt from ended
    except dg.DagsterError as error:  # how Dagster says that a check which holds releases back has found something
        raise ReleaseError(
            f"nothing was released: {' '.join(str(error).split())}; the job `publish` in `synth-assets ui` has the rows"
        ) from error
    except SQLAlchemyError as error:  # Dagster hands on what its storage raises
        raise SynthAssetsError(
            f"{home.root / '.dagster'}: Dagster cannot keep its records there: {str(error).splitlines()[0]}"
        ) from error
    said = {
        name: value.value
        for materialization in result.asset_materializations_for_node("release")
        for name, value in materialization.metadata.items()
    }
    if "version" not in said:
        raise ReleaseError("there is nothing to release: no sample is accepted yet; `synth-assets status` says why")
    folder = Path(said["folder"])
    failed = [
        f"{check.asset_key.to_user_string()}: {check.check_name}"
        for check in result.get_asset_check_evaluations()
        if not check.passed
    ]
    return {
        "version": said["version"],
        "folder": str(folder),
        "samples": said["samples"],
        "new": said["new"],
        "splits": read_manifest(folder).splits,
        "since": said.get("since"),
        "run_id": result.run_id,
        "failed_checks": failed,
        "pushed": asdict(upload_release(folder, push, private=private)) if push is not None else None,
    }


def compare(older: str, newer: str | None) -> Comparison:
    """Compare two releases, each named by version or folder; the one published last stands for a `newer` left out.

    Raises:
        ReleaseError: there is no such release, or it cannot be read.
    """
    named = [None if name is None else _named(name) for name in (older, newer)]
    home = open_home()
    warehouse = open_warehouse(home)
    if named[1] is None:
        last = warehouse.read("audit/last_release")
        if not last:
            raise ReleaseError("nothing is published here yet; name both releases")
        named[1] = last[0]["version"]
    before, after = (find_release(str(name), home.releases) for name in named)
    return compare_releases(before, after, lambda ids: fates_of(warehouse, ids))


def verify(name: str) -> dict[str, Any]:
    """Hold every file of a release against its manifest.

    Returns:
        {"version", "folder", "samples", "files", "bytes"} of a release that is as it was written.

    Raises:
        ReleaseError: there is no such release, or a file is missing, changed or strange; the text names them.
    """
    name = _named(name)
    folder = find_release(name, open_home().releases)
    manifest = verify_release(folder)
    return {
        "version": manifest.version,
        "folder": str(folder),
        "samples": manifest.samples,
        "files": len(manifest.files),
        "bytes": sum(file.bytes for file in manifest.files),
    }


def print_publication(console: Console, made: dict[str, Any]) -> None:
    """Version, folder and counts, what to look at, and where it was uploaded to."""
    what = "released" if made["new"] else "was released already"
    counts = ", ".join(f"{split} {count:,}" for split, count in made["splits"].items())
    lines = [
        f"{made['version']} {what}: {made['samples']:,} samples ({counts})",
        f"in {made['folder']}",
        "look at report.html and README.md there",
    ]
    if made["since"]:
        lines.append(f"what changed:  synth-assets release --compare {made['since']} {made['version']}")
    lines += [f"a check found something: {name}" for name in made["failed_checks"]]
    if made["pushed"]:
        lines.append(f"uploaded to {made['pushed']['url']}, commit {made['pushed']['commit']}")
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _named(name: str) -> str:
    """The name as it is, or the whole path of a folder: the home becomes the working folder."""
    return str(Path(name).resolve()) if name and Path(name).is_dir() else name


@contextmanager
def _showing(console: Console, title: str) -> Iterator[None]:
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(bar_width=30), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console, transient=True,
    )  # fmt: skip
    task = bar.add_task(title, total=None)

    def note(stage: str, done: int, total: int, asking: Asking | None = None) -> None:
        bar.update(task, description=f"{title} · {stage}", completed=done, total=total)

    with bar, listening(note):
        yield
