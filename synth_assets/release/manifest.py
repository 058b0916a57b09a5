"""The manifest of a release: every file with its hash, and what the rows are; it is checked before a push."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from synth_assets.errors import ReleaseError

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFile:
    """One file of a release: its path below the folder with "/" between parts, its size, its SHA-256 in hex."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellCount:
    """Samples of one exercise, language and split."""

    cell: str
    language: str
    split: str
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Samples that one text format leaves out, by named reason; they stand in the Parquet files all the same."""

    format: str
    reason: str
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkUse:
    """Share of traces that bear a mark of the notation, 0 to 1, beside SYNTH's published share."""

    mark: str
    share: float
    synth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a release holds.

    Attributes:
        rows_hash: hash of all columns of all rows; two releases of the same rows bear the same.
        splits: split -> samples.
        formats: the text formats that were asked for.
        shares: split -> share that was asked for.
    """

    version: str
    package_version: str
    recipe_hash: str
    samples: int
    words: int
    rows_hash: str
    splits: dict[str, int]
    shares: dict[str, float]
    formats: tuple[str, ...]
    cells: tuple[CellCount, ...]
    left_out: tuple[LeftOut, ...]
    notation: tuple[MarkUse, ...]
    files: tuple[ReleaseFile, ...]

    def as_json(self) -> str:
        """The text of manifest.json."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, ensure_ascii=False) + "\n"

    def write(self, folder: Path) -> None:
        (folder / NAME).write_text(self.as_json(), "utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a release folder.

    Raises:
        ReleaseError: there is none, or it is no manifest of this kind.
    """
    path = folder / NAME
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if found.pop("format", None) != FORMAT:
            raise ReleaseError(
                f"{folder}: was released by another version of synth-assets, in a layout that this one does not read"
            )
        return Manifest(**{
            **found,
            "formats": tuple(found["formats"]),
            "cells": tuple(CellCount(**each) for each in found["cells"]),
            "left_out": tuple(LeftOut(**each) for each in found["left_out"]),
            "notation": tuple(MarkUse(**each) for each in found["notation"]),
            "files": tuple(ReleaseFile(**each) for each in found["files"]),
        })  # fmt: skip
    except FileNotFoundError as error:
        raise ReleaseError(f"{folder}: is no release, it has no {NAME}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(f"{path}: is no manifest of a release: {error}") from error


def list_files(folder: Path) -> tuple[ReleaseFile, ...]:
    """Every file below the folder but the manifest, by name, with size and hash."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / NAME)
    return tuple(file_of(folder, path) for path in paths)


def file_of(folder: Path, path: Path) -> ReleaseFile:
    """One file as the manifest states it."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ReleaseFile(name=path.relative_to(folder).as_posix(), bytes=path.stat().st_size, sha256=digest)


def verify_release(folder: Path) -> Manifest:
    """Read every file of a release and hold it against the manifest.

    Raises:
        ReleaseError: a file is missing, changed or was not there when the release was written; the text names them.
    """
    manifest = read_manifest(folder)
    stated = {file.name: file for file in manifest.files}
    try:
        found = {file.name: file for file in list_files(folder)}
    except OSError as error:
        raise ReleaseError(f"{folder}: cannot be read: {error.strerror}") from error
    problems = [
        *_named("missing", set(stated) - set(found)),
        *_named("changed", {name for name in set(stated) & set(found) if stated[name] != found[name]}),
        *_named("not in the manifest", set(found) - set(stated)),
    ]
    if problems:
        raise ReleaseError(f"{folder}: is not as it was released: {'; '.join(problems)}")
    return manifest


def _named(what: str, names: Iterable[str]) -> list[str]:
    listed = sorted(names)
    return [f"{what}: {', '.join(listed[:5])}{' and more' if len(listed) > 5 else ''}"] if listed else []
