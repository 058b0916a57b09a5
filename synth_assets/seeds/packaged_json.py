"""JSON files that other packages carry, read as data: their code is under another licence and is never imported."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from synth_assets.errors import SeedError
from synth_assets.seeds.base import BadSeed, SourceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonPackage:
    """Where an installed distribution keeps its data.

    Attributes:
        distribution: its name on PyPI.
        data: its data folder, relative to the folder it is installed in.
        install: the command that installs it, for the error's text.
        folder: another folder to read the files from, as a person with a newer download has it.
    """

    distribution: str
    data: str
    install: str
    folder: Path | None = None

    def path(self, name: str) -> Path:
        """The data file of this name, which may be missing.

        Raises:
            SeedError: the package is not installed.
        """
        return Path(self.folder or self._installed().locate_file(self.data)) / name

    def source_files(self, collection: str, files: Mapping[str, str], languages: tuple[str, ...]) -> list[SourceFile]:
        """The files of a collection (language -> name), in the order asked for; languages without one have none.

        Raises:
            SeedError: the package is not installed, or a file of it is gone.
        """
        return [
            SourceFile(
                collection=collection,
                language=language,
                name=files[language],
                fingerprint=fingerprint(self.path(files[language])),
            )
            for language in languages
            if language in files
        ]

    def revision(self) -> str:
        """ "<package> <version>", or "<package>" alone when the files come from another folder."""
        return self.distribution if self.folder else f"{self.distribution} {self._installed().version}"

    def _installed(self) -> metadata.Distribution:
        # The distribution's record says where its files are; looking for its module could run its code.
        try:
            return metadata.distribution(self.distribution)
        except metadata.PackageNotFoundError as error:
            raise SeedError(f"{self.distribution} is not installed; get it with `{self.install}`") from error


def fingerprint(path: Path) -> str:
    """SHA-256 of the file's bytes.

    Raises:
        SeedError: the file cannot be read.
    """
    return hashlib.sha256(_read_bytes(path)).hexdigest()


def read_records(path: Path) -> Iterator[tuple[str, Any] | BadSeed]:
    """The (key, value) pairs of a JSON object, in order, and a `BadSeed` for every key that stood there twice.

    Raises:
        SeedError: the file is not there, not UTF-8, not JSON, or no JSON object; the text names file and line.
    """
    content = _read_bytes(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SeedError(f"{path}:{line}: not UTF-8: {error.reason}") from error
    repeated: list[str] = []

    def keep_last(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) < len(pairs):
            seen: set[str] = set()
            repeated.extend(key for key, _ in pairs if key in seen or seen.add(key))
        return record

    try:
        records = json.loads(text, object_pairs_hook=keep_last)
    except json.JSONDecodeError as error:
        raise SeedError(f"{path}:{error.lineno}: not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:  # a number of ten thousand digits, brackets a million deep
        raise SeedError(f"{path}: not readable as JSON: {error}") from error
    if not isinstance(records, dict):
        raise SeedError(f"{path}: one JSON object of records is expected, not a {type(records).__name__}")
    yield from records.items()
    for key in repeated:
        yield BadSeed(source=path.name, record=printable(key), reason="the key stands twice; its last value was read")


def problem_with_text(value: Any) -> str:
    """What keeps a value from being text that can be stored, or an empty string."""
    if value is None:
        return "is missing"
    if not isinstance(value, str):
        return f"is a {type(value).__name__}, not a string"
    if not value.strip():
        return "is empty"
    if printable(value) != value:
        return "is not valid Unicode (half a surrogate pair)"
    return ""


def printable(text: str) -> str:
    """The text with what UTF-8 cannot store replaced, so that a report about it can be stored."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SeedError(f"{path}: {error.strerror or error}") from error
