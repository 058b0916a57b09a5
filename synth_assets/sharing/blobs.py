"""Files that all workers of a warehouse have in common: indexes, a tree of domains that was proposed, a fitted head.

A blob is read and written whole, by its name, and nobody ever sees half of one. On one machine the blobs are files of
`.synth` itself, each at the place of its name, so that nothing is copied: what is fetched to where it lies is there
already. Beside a lake they lie with the lake's data (synth_assets/lake/blobs.py), and what a worker has under `.synth`
is a copy.

Two kinds of files are kept so. Those that people edit are brought in step by `bring_in_step`. A folder whose files
never change and whose manifest names them with their hashes is fetched and published as one, by `fetch_folder` and
`publish_folder`, under a lock that the callers hold.
"""

import hashlib
import json
import logging
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from synth_assets.errors import WarehouseBroken

log = logging.getLogger("synth_assets.sharing")

MANIFEST = "manifest.json"
_NAME = re.compile(r"[^/\x00-\x1f\\]+(/[^/\x00-\x1f\\]+)*")
_FILE = re.compile(r"[a-z]+-[0-9]+\.[a-z0-9]+")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Blobs(Protocol):
    """Files by relative name ("domains/mine_40.yaml"); each is replaced whole, and the last to write it wins.

    All methods raise WarehouseBroken where the place cannot be used, and ValueError for a name that is none: absolute,
    with "..", or with a part that begins with a dot.
    """

    def read(self, name: str) -> bytes | None:
        """What a blob holds; None where there is none of this name."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Put it there, or another in its place."""
        ...

    def fetch(self, name: str, path: Path) -> bool:
        """Copy a blob to a file, whole or not at all; False where there is none of this name."""
        ...

    def store(self, name: str, path: Path) -> None:
        """Copy a file to a blob."""
        ...

    def names(self, prefix: str = "") -> list[str]:
        """The names that begin so, sorted."""
        ...

    def remove(self, name: str) -> None:
        """Take it away; one that is not there is passed over."""
        ...

    def is_at(self, name: str, path: Path) -> bool:
        """Whether this very file, or folder, is where the blobs of this name lie, so that nothing need be copied."""
        ...


class FolderBlobs:
    """Blobs in a folder, each a file of its name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes | None:
        with self._told(name):
            try:
                return self._path(name).read_bytes()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                return None

    def write(self, name: str, content: bytes) -> None:
        with self._told(name), replacing(self._path(name)) as fresh:
            fresh.write_bytes(content)

    def fetch(self, name: str, path: Path) -> bool:
        if self.is_at(name, path):
            return path.is_file()
        with self._told(name):
            if not self._path(name).is_file():
                return False
            with replacing(path) as fresh, suppress(FileNotFoundError):  # removed since
                shutil.copyfile(self._path(name), fresh)
                return True
        return False

    def store(self, name: str, path: Path) -> None:
        if not self.is_at(name, path):
            with self._told(name), replacing(self._path(name)) as fresh:
                shutil.copyfile(path, fresh)

    def names(self, prefix: str = "") -> list[str]:
        with self._told(prefix):
            # only below the folder that the prefix names, since this one may hold much else
            below = self._folder / (checked_name(prefix.rpartition("/")[0]) if "/" in prefix else "")
            found = (path.relative_to(self._folder) for path in below.rglob("*") if path.is_file())
            listed = (name.as_posix() for name in found if not any(part.startswith(".") for part in name.parts))
            return sorted(name for name in listed if name.startswith(prefix))

    def remove(self, name: str) -> None:
        with self._told(name):
            self._path(name).unlink(missing_ok=True)

    def is_at(self, name: str, path: Path) -> bool:
        return self._path(name).resolve() == path.resolve()

    def _path(self, name: str) -> Path:
        return self._folder / checked_name(name)

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise WarehouseBroken(f"{self._folder / name}: cannot be used: {error.strerror or error}") from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file to write in the place of another: it takes that one's name, synced, when the block ends without an error.

    A block that writes nothing leaves everything as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield fresh
        if fresh.exists():
            with fresh.open("rb") as file:
                os.fsync(file.fileno())
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def bring_in_step(blobs: Blobs, name: str, path: Path) -> bool:
    """One file that people edit and all workers use: what was changed here goes to all, what others changed comes here.

    Which of the two it was is told from the hash of what both last agreed on, kept beside the file. Where both changed,
    the one that all use is taken, and that of this machine is kept beside it under a name of its own.

    Returns:
        Whether the file is there afterwards.
    """
    if blobs.is_at(name, path):
        return path.is_file()
    mark = path.with_name(f".{path.name}.agreed")
    agreed = mark.read_text("ascii") if mark.is_file() else ""
    here = path.read_bytes() if path.is_file() else None
    there = blobs.read(name)
    if here is None and there is None:
        return False
    if there is None or (here is not None and here != there and agreed == digest_of(there)):
        assert here is not None
        log.info("%s is given to all workers", path)
        blobs.write(name, here)
        there = here
    elif here != there:
        if here is not None and agreed != digest_of(here):
            kept = path.with_name(f"{path.stem}-{digest_of(here)[:12]}{path.suffix}")
            _put(kept, here)
            log.warning("%s was changed here and by others: theirs is used, and what it was here is %s", path, kept)
        _put(path, there)
    if agreed != digest_of(there):
        _put(mark, digest_of(there).encode("ascii"))
    return True


# --- folders of files that never change, with a manifest


def fetch_folder(blobs: Blobs, name: str, folder: Path, *, anew: bool = False) -> bool:
    """Bring a folder to what all workers have: files that its manifest names and that are missing or others here.

    A worker killed in the midst of it has the folder of before, or one without a manifest. Files that do not bear their
    hash are not taken: the folder is left as it was, and a warning says so.

    Args:
        anew: trust nothing of what is here: every file is held against its hash.

    Returns:
        Whether the folder is now what all have. False where nobody published one, or what was published is damaged.
    """
    if blobs.is_at(name, folder):
        return (folder / MANIFEST).is_file()
    content = blobs.read(f"{name}/{MANIFEST}")
    if content is None:
        return False
    try:
        wanted = _files_of(content)
    except ValueError as error:
        log.warning("what all have of %s cannot be used and is made anew: %s", name, error)
        return False
    own = None if anew else _manifest_of(folder)
    mine: dict[str, str] = {}
    with suppress(ValueError):  # one that is damaged says nothing of the files beside it
        mine = _files_of(own) if own is not None else {}
    there = {file: folder / file for file in wanted if (folder / file).is_file()}
    lacking = [file for file in wanted if file not in there or not _same(there[file], wanted[file], mine.get(file))]
    if not lacking and own == content:
        return True
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".fetched-*"):  # of a worker that died; none is at work now, by the callers' lock
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetched-") as fetched:
        for file in lacking:
            taken = Path(fetched) / file
            if not blobs.fetch(f"{name}/{wanted[file]}", taken) or file_digest(taken) != wanted[file]:
                log.warning("of %s, %s is missing among what all have, or damaged: it is made anew", name, file)
                return False
        # a manifest of before must not name a file that was replaced since: sizes alone would not tell
        (folder / MANIFEST).unlink(missing_ok=True)
        for file in lacking:
            (Path(fetched) / file).replace(folder / file)
    _put(folder / MANIFEST, content)
    for path in folder.iterdir():
        if path.name not in wanted and _FILE.fullmatch(path.name):
            path.unlink()
    return True


def publish_folder(blobs: Blobs, name: str, folder: Path) -> int:
    """Give all workers what a folder holds: files first, by their hash, and the manifest last; how many were sent.

    Whoever is killed in the midst of it leaves what all had before. What the new manifest does not name is removed.
    """
    content = _manifest_of(folder)
    if content is None or blobs.is_at(name, folder):
        return 0
    if blobs.read(f"{name}/{MANIFEST}") == content:
        return 0
    files = _files_of(content)
    there = set(blobs.names(f"{name}/"))
    sent = 0
    for file, digest in files.items():
        if f"{name}/{digest}" not in there:
            blobs.store(f"{name}/{digest}", folder / file)
            sent += 1
    blobs.write(f"{name}/{MANIFEST}", content)
    for left in there - {f"{name}/{digest}" for digest in files.values()} - {f"{name}/{MANIFEST}"}:
        blobs.remove(left)
    return sent


def _manifest_of(folder: Path) -> bytes | None:
    path = folder / MANIFEST
    return path.read_bytes() if path.is_file() else None


def _files_of(manifest: bytes) -> dict[str, str]:
    """File -> hash, as a manifest names them; names become paths, so that none but plain ones are taken."""
    try:
        read: Any = json.loads(manifest)
        files = read["files"]
        if not all(_FILE.fullmatch(file) and _DIGEST.fullmatch(digest) for file, digest in files.items()):
            raise ValueError("it names a file or a hash that is none")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{MANIFEST}: {error}") from error
    return dict(files)


def _same(path: Path, digest: str, known: str | None) -> bool:
    """Whether a file is the one that is wanted: by what its manifest says of it, else by its bytes."""
    return known == digest if known is not None else file_digest(path) == digest


# ---


def digest_of(content: bytes) -> str:
    """SHA-256, in hex digits."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checked_name(name: str) -> str:
    """The name, where it is one.

    Raises:
        ValueError: it is none, see `Blobs`.
    """
    if not _NAME.fullmatch(name) or any(part.startswith(".") for part in name.split("/")):
        raise ValueError(f"{name!r} names no blob: it is a relative path without parts that begin with a dot")
    return name


def _put(path: Path, content: bytes) -> None:
    with replacing(path) as fresh:
        fresh.write_bytes(content)
