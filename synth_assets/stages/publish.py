"""The stage that publishes: an immutable folder of files, named by the hash of what it holds."""

import hashlib
import json
import math
import os
import shutil
from pathlib import Path
from typing import Any

import polars as pl

from synth_assets.errors import WarehouseBroken
from synth_assets.identity import hash_of
from synth_assets.notation import mark_shares
from synth_assets.release.parquet import SYNTH_COLUMNS, write_files
from synth_assets.stages.work import Work, now

MOST_TRACES = 10_000


def publish_release(work: Work) -> dict[str, Any]:
    """Write the accepted samples as Parquet and JSONL with a manifest; the same samples give the same version.

    Returns the version, its folder, whether it is new, and how its traces use the notation beside SYNTH's published
    ones. Nothing accepted yet publishes nothing.
    """
    with work.warehouse.transaction("reading the samples to release") as open_:
        samples = open_.frame("transforms/release_samples")
    if samples.is_empty():
        return {"version": None, "samples": 0, "folder": None, "new": False, "notation": []}
    texts = samples.select("synth_id", *SYNTH_COLUMNS[1:]).rows()
    version = hash_of("release", [list(map(str, row)) for row in texts])[:12]
    folder = work.home.releases / version
    new = not folder.exists()
    if new:
        _write_whole(folder, samples, version)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    work.warehouse.insert("release", [{
        "version": version,
        "samples": samples.height,
        "folder": str(folder),
        "files": manifest["files"],
        "cells": manifest["cells"],
        "released_at": now(),
        **work.stamp(),
    }])  # fmt: skip
    return {
        "version": version, "samples": samples.height, "folder": str(folder), "new": new,
        "notation": manifest.get("notation", []),
    }  # fmt: skip


def notation_of(samples: pl.DataFrame) -> list[dict[str, Any]]:
    """Share of the samples' traces that bear each mark of the notation, beside the published share; of at most 10,000.

    Returns rows of {"mark", "share", "synth"}, shares from 0 to 1.
    """
    traces = samples.filter(pl.col("synthetic_reasoning") != "").get_column("synthetic_reasoning")
    shares = mark_shares(traces.gather_every(max(1, math.ceil(traces.len() / MOST_TRACES))))
    return [{"mark": each.mark, "share": round(each.share, 3), "synth": each.published} for each in shares]


def _write_whole(folder: Path, samples: pl.DataFrame, version: str) -> None:
    """All files or none: written beside, then renamed."""
    fresh = folder.with_name(f".{version}.{os.getpid()}")
    try:
        fresh.mkdir(parents=True)
        write_files(fresh, samples)
        files = [
            {"name": str(path.relative_to(fresh)), "bytes": path.stat().st_size,
             "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
            for path in sorted(fresh.rglob("*")) if path.is_file()
        ]  # fmt: skip
        cells = samples.group_by("cell", "language").len("samples").sort("cell", "language")
        manifest = {
            "version": version, "samples": samples.height, "files": files, "cells": cells.to_dicts(),
            "notation": notation_of(samples),
        }  # fmt: skip
        (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
        os.replace(fresh, folder)
    except OSError as error:
        if folder.exists():  # another run published the same version in this moment; it holds the same files
            return
        raise WarehouseBroken(f"{folder}: the release could not be written: {error.strerror}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
