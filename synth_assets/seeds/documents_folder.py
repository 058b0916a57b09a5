"""A folder of the user's own: its files by name, opened only where they stand, fingerprinted by their bytes."""

import glob
import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth_assets.errors import Refused, SeedError
from synth_assets.identity import hash_of
from synth_assets.seeds.base import SourceFile
from synth_assets.seeds.packaged_json import printable

READ_AS = 1
"""Raise it when files already read should be read again, because they would now give other blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFolder:
    """A file, or a folder with all that stands under it; nothing outside is ever opened, and no link is followed.

    Where `chosen` names files, folders or globs, relative to the folder, only these of it are looked at.
    """

    path: Path
    chosen: tuple[str, ...] = ()

    @property
    def root(self) -> Path:
        return self.path if self.path.is_dir() else self.path.parent

    def names(self, wanted: Callable[[str], bool] = lambda name: True) -> list[str]:
        """The files by path relative to the root, sorted, but for hidden ones.

        Raises:
            SeedError: the path is not there, a folder cannot be listed, or one of `chosen` leads to nothing.
        """
        if self.chosen:
            return self._chosen_names(wanted)
        if not self.path.exists():
            raise SeedError(f"{self.path}: there is no such file or folder")
        if not self.path.is_dir():
            return [self.path.name] if wanted(self.path.name) else []

        def complain(error: OSError) -> None:
            raise SeedError(f"{error.filename}: {error.strerror or error}") from error

        found = []
        for folder, folders, files in os.walk(self.path, onerror=complain, followlinks=False):
            folders[:] = [name for name in folders if not name.startswith(".")]
            links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
            for name in (*links, *files):
                relative = Path(folder, name).relative_to(self.path).as_posix()
                if not name.startswith(".") and wanted(relative):
                    found.append(relative)
        return sorted(found)

    def _chosen_names(self, wanted: Callable[[str], bool]) -> list[str]:
        found: set[str] = set()
        for pattern in self.chosen:
            is_there = os.path.lexists(self.path / pattern)  # a name may hold what a glob reads as a sign
            matches = [pattern] if is_there else glob.glob(pattern, root_dir=self.path, recursive=True)
            if not matches:
                raise SeedError(f"{self.path / pattern}: there is no such file, folder or glob")
            for match in matches:
                if os.path.isdir(self.path / match) and not os.path.islink(self.path / match):
                    inner = UserFolder(path=self.path / match).names()
                    found.update(Path(match, name).as_posix() for name in inner)
                elif not Path(match).name.startswith("."):
                    found.add(Path(match).as_posix())
        return sorted(name for name in found if wanted(name))

    def place(self, name: str) -> Path:
        """Where a file of this folder stands.

        Raises:
            SeedError: it stands elsewhere, or is gone.
            Refused: it is a link, lies behind one, is no file, or has a name that cannot be stored.
        """
        if printable(name) != name:
            raise Refused("unreadable_name", "the name is not UTF-8")
        parts = Path(name).parts
        if not parts or Path(name).is_absolute() or ".." in parts:
            raise SeedError(f"{name}: not a file of {self.root}")
        place = self.root
        for part in parts:
            place = place / part
            try:
                mode = place.lstat().st_mode
            except OSError as error:
                raise SeedError(f"{place}: {error.strerror or error}") from error
            if stat.S_ISLNK(mode) and place != self.path:
                raise Refused("link_not_followed", f"{part} is a link")
        if not stat.S_ISREG(place.stat().st_mode):
            raise Refused("not_a_file", "neither a file nor a folder")
        return place

    def read(self, name: str, most_bytes: int) -> bytes:
        """The content of a file.

        Raises:
            SeedError: as `place`, or it cannot be read.
            Refused: as `place`, or it is larger than `most_bytes`.
        """
        place = self.place(name)
        try:
            with place.open("rb") as opened:
                content = opened.read(most_bytes + 1)
        except OSError as error:
            raise SeedError(f"{place}: {error.strerror or error}") from error
        if len(content) > most_bytes:
            raise Refused("too_large", f"{place.stat().st_size:,} bytes; at most {most_bytes:,} are read")
        return content

    def source_files(
        self, collection: str, languages: Iterable[str], names: Iterable[str], *settings: Any
    ) -> list[SourceFile]:
        """One a file and language. The fingerprint is of the bytes and of the settings they are read with.

        Raises:
            SeedError: a file cannot be read.
        """
        spoken = tuple(languages)
        return [
            SourceFile(
                collection=collection,
                language=language,
                name=printable(name),
                fingerprint=hash_of("user file", content, READ_AS, settings),
            )
            for name in names
            for content in [self._content_hash(name)]
            for language in spoken
        ]

    def _content_hash(self, name: str) -> str:
        try:
            place = self.place(name)
        except Refused as refused:
            return str(refused)
        try:
            with place.open("rb") as opened:
                return hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as error:
            raise SeedError(f"{place}: {error.strerror or error}") from error
