"""What it takes that a file is on the disk, and whose it is."""

import fcntl
import os
import shutil
from pathlib import Path

from synth_assets.errors import WarehouseBroken


def locked(fd: int) -> bool:
    """Take the lock of an open file; False where somebody else has it."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_at(fd: int, path: Path) -> bool:
    """Whether the open file is still the one at this path."""
    try:
        at_path = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(fd), at_path)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file and sync it."""
    path.write_bytes(content)
    sync_file(path)


def copy_whole(path: Path, target: Path) -> None:
    """Copy a file and sync the copy."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    sync_file(target)


def sync_file(path: Path) -> None:
    """Have a file on the disk, or the names in a folder."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_and_close(fd: int, folder: Path) -> None:
    """Sync an open journal of this folder and close it."""
    try:
        os.fsync(fd)
    except OSError as error:
        raise WarehouseBroken(f"{folder}: the journal cannot be synced to disk: {error}") from error
    finally:
        os.close(fd)
