"""What keeps a home in order: compaction, backups, and what to do about files that are damaged or half written.

What is durable, and what that makes of everything else:

- calls: a call that was answered stands in a journal or a segment, and is never paid for twice.
- the database: what stages derived from calls and articles. A run that finds rows missing makes them again, from the
  stored calls without asking anybody. What people ordered, withdrawals, is noted beside it.
- the snapshot, indexes: copies. They are made anew.
- releases: folders that never change, each with a manifest.

So repair takes the newest copy of the database that is sound, and every call that can be read. Nothing that is damaged
is deleted: it is moved into a folder of its own in `.synth/aside`.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from synth_assets.calls.segments import EMPTY, MERGED
from synth_assets.errors import BackupError
from synth_assets.home import Home
from synth_assets.stages.withdrawal import give_again
from synth_assets.stages.work import now
from synth_assets.warehouse import SCHEMA_VERSION, Warehouse, damage_of, log_of

MANIFEST = "backup.json"
DATABASE = "warehouse.duckdb"
_FORMAT = 1
# Of `.synth`, what a backup copies in ways of its own, or leaves out because it is made anew.
_BY_ITSELF = ("calls", "indexes", "locks", "aside")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that was written, or read and found whole. `files` with their manifest's `bytes` together."""

    folder: Path
    made_at: str
    layout: int
    files: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something in a home that is damaged or half written, and what to do, or what was done, about it.

    `harmless` is what a run that died left behind and the next one cleans up by itself.
    """

    subject: str
    found: str
    remedy: str
    harmless: bool = False


def compact(home: Home, warehouse: Warehouse) -> dict[str, Any]:
    """Rewrite the database without the room of rows that are gone, and merge small segments of calls.

    Runs may go on meanwhile; they wait while the database is written. Indexes keep themselves in order.

    Returns:
        database: {"bytes_before", "bytes_after"}; calls: `Compacted` as a mapping.
    """
    with warehouse.open_calls("upkeep") as log:
        calls = log.compact()
    before, after = warehouse.compact()
    return {"database": {"bytes_before": before, "bytes_after": after}, "calls": asdict(calls)}


def back_up(home: Home, warehouse: Warehouse, target: Path) -> Backup:
    """Copy what a home holds into a folder that is not there yet, while runs go on.

    The database is copied first and the calls after it: a call is recorded before any row refers to it, so that
    whatever the copied database refers to is in the copied calls. The files' hashes are written last, and the folder
    gets its name when all of it is on the disk.

    Raises:
        BackupError: the folder is there, lies in the home's own data, there is nothing to copy, or it is a lake.
        WarehouseBusy, WarehouseBroken: the database or the calls cannot be read.
    """
    _check_is_file(warehouse, "backup")
    target = target.absolute()
    if target.exists():
        raise BackupError(f"{target}: is there already; name a folder that is not")
    if target.is_relative_to(home.data):
        raise BackupError(f"{target}: lies in what is to be copied; name a folder outside of {home.data}")
    if not home.database.exists():
        raise BackupError(f"{home.database}: there is no database to copy yet")
    fresh = target.with_name(f"{target.name}.partial")
    try:
        fresh.mkdir(parents=True)
    except FileExistsError as error:
        raise BackupError(f"{fresh}: was left by a backup that died, or another one is at work; remove it") from error
    except OSError as error:
        raise BackupError(f"{fresh}: cannot be made: {error.strerror}") from error
    try:
        warehouse.publish_snapshot(fresh / DATABASE)
        with warehouse.open_calls("upkeep") as log:
            log.copy_to(fresh / "calls")
        _copy_indexes(home.data / "indexes", fresh / "indexes")
        _copy_others(home, fresh)
        if damage := damage_of(fresh / DATABASE):
            raise BackupError(f"{fresh / DATABASE}: the copy cannot be read: {damage}")
        made_at = now().isoformat(timespec="seconds")
        files = [
            {"name": str(path.relative_to(fresh)), "bytes": path.stat().st_size, "sha256": _digest(path)}
            for path in sorted(fresh.rglob("*"))
            if path.is_file()
        ]
        manifest = {"format": _FORMAT, "made_at": made_at, "layout": SCHEMA_VERSION, "files": files}
        _write(fresh / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        for path in [*fresh.rglob("*"), fresh]:
            _sync(path)
        fresh.rename(target)
        _sync(target.parent)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise BackupError(f"{target}: cannot be written: {error}; what was written is removed") from error
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    total = sum(each["bytes"] for each in files)
    return Backup(folder=target, made_at=made_at, layout=SCHEMA_VERSION, files=len(files), bytes=total)


def check_backup(folder: Path) -> Backup:
    """Hold every file of a backup against its manifest.

    Raises:
        BackupError: it is none, or files are missing, changed or strange; the text names them.
    """
    manifest = _manifest(folder)
    stated = {each["name"]: each for each in manifest["files"]}
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    wrong = [f"{name} is missing" for name in sorted(stated.keys() - there)]
    wrong += [f"{name} was not there" for name in sorted(there - stated.keys())]
    wrong += [
        f"{name} is not what was written"
        for name in sorted(there & stated.keys())
        if _digest(folder / name) != stated[name]["sha256"]
    ]
    if wrong:
        raise BackupError(f"{folder}: {'; '.join(wrong[:5])}{' ...' if len(wrong) > 5 else ''}")
    return Backup(
        folder=folder, made_at=manifest["made_at"], layout=manifest["layout"], files=len(stated),
        bytes=sum(each["bytes"] for each in stated.values()),
    )  # fmt: skip


def restore(home: Home, warehouse: Warehouse, folder: Path) -> list[Trouble]:
    """Make a home what a backup says, but keep every call that was recorded since: it was paid for.

    The database that is there is moved aside, not deleted. Runs must have ended.

    Returns:
        What was moved aside.

    Raises:
        BackupError: the backup is not whole, this package is too old for it, or the warehouse is a lake.
        WarehouseBusy: a run is writing.
    """
    _check_is_file(warehouse, "restore")
    found = check_backup(folder)
    if found.layout > SCHEMA_VERSION:
        raise BackupError(
            f"{folder}: was written by a newer synth-assets (layout {found.layout}, this one knows {SCHEMA_VERSION}); "
            "upgrade the package"
        )
    home.prepare()
    aside = _Aside(home)
    try:
        with warehouse.locked("restoring a backup"):
            fresh = _copied_beside(folder / DATABASE, home.database)
            aside.move(
                home.database,
                "replaced by a backup",
                f"that of {found.made_at} was taken",
            )
            aside.move(home.snapshot, "a copy of the database before", "the next run writes a new one")
            _put_in_place(fresh, home.database)
            for path in _files_of(folder):
                name = path.relative_to(folder)
                if name.parts[0] == "calls":
                    _take_calls(path, home.calls / Path(*name.parts[1:]))
                elif name.name not in (MANIFEST, DATABASE) and not (home.data / name).exists():
                    _copy(path, home.data / name)
    except OSError as error:
        raise BackupError(f"{folder}: cannot be restored to {home.data}: {error}") from error
    _give_orders_again(home, aside)
    return aside.moved


def look(home: Home) -> list[Trouble]:
    """Files of a home that are damaged or half written, each with what to do; reads, and changes nothing.

    The database is read to its end, so the caller keeps transactions out (`Warehouse.locked`).

    Raises:
        WarehouseBusy, WarehouseBroken: see `damage_of`.
    """
    found = [
        Trouble(subject=str(path), found=what, remedy="the next run removes it", harmless=True)
        for path, what in _leftovers(home)
    ]
    told = "run `synth-assets repair`"
    found += [Trouble(subject=str(path), found=what, remedy=told) for path, what in _damaged_segments(home)]
    found += [
        Trouble(
            subject=str(path), found="its last line is half written: that call was not recorded",
            remedy="the next run goes on from the whole lines, and asks for it again", harmless=True,
        )
        for path in _torn_journals(home)
    ]  # fmt: skip
    if home.database.exists() and (damage := damage_of(home.database)):
        found.append(Trouble(subject=str(home.database), found=damage, remedy=told))
    elif not home.database.exists() and home.snapshot.exists():
        found.append(Trouble(subject=str(home.database), found="is missing", remedy=told))
    if home.snapshot.exists() and (damage := damage_of(home.snapshot)):
        found.append(Trouble(subject=str(home.snapshot), found=damage, remedy=told))
    return found


def repair(home: Home, warehouse: Warehouse, backups: Sequence[Path] = ()) -> list[Trouble]:
    """Mend what `look` finds, from what is durable; what is damaged is moved aside, never deleted.

    Calls first: segments that cannot be read give way to those of a backup, where one has them, and journals of runs
    that died are folded. Then the database: where it is damaged, the newest sound copy takes its place, of the snapshot
    and the backups; where there is none, the next run makes a new one. What it lacks, that run makes again from the
    recorded calls. Runs must have ended.

    Args:
        backups: folders that `back_up` wrote.

    Raises:
        BackupError: a backup that is named is not whole, or the warehouse is a lake.
        WarehouseBusy: a run is writing, or another program has the database open.
    """
    _check_is_file(warehouse, "repair")
    known = sorted((check_backup(folder) for folder in backups), key=lambda backup: backup.made_at, reverse=True)
    home.prepare()
    aside = _Aside(home)
    with warehouse.locked("repairing"):
        for path, what in _leftovers(home):
            aside.move(path, what, "moved aside")
        for path, what in _damaged_segments(home):
            copies = (backup.folder / "calls" / "segments" / path.name for backup in known)
            whole = next((copy for copy in copies if copy.exists()), None)
            if path.stem == EMPTY:
                aside.move(path, what, "made anew")
            elif whole is not None:
                aside.move(path, what, f"taken from the backup {whole.parent.parent.parent}")
                _copy(whole, path)
            else:
                aside.move(path, what, "its calls are lost; rows that were made from them stay, others are asked again")
    with warehouse.open_calls("upkeep") as log:
        folded = log.recover()
        mended = [
            Trouble(subject=str(line.file), found=f"line {line.line} is no call", remedy=f"set aside in {line.kept_in}")
            for line in folded.broken
        ]
        if folded.journals:
            torn = f", {folded.torn} with a half-written last line" if folded.torn else ""
            mended.append(
                Trouble(
                    subject=str(home.calls / "journal"), found=f"{folded.journals} journals of runs that died{torn}",
                    remedy=f"folded, {folded.calls} calls", harmless=True,
                )
            )  # fmt: skip
    with warehouse.locked("repairing the database"):
        replaced = _repair_database(home, known, aside)
        if home.snapshot.exists() and (damage := damage_of(home.snapshot)):
            aside.move(home.snapshot, damage, "the next run writes a new one")
    if replaced:
        _give_orders_again(home, aside)
    return [*aside.moved, *mended]


def _check_is_file(warehouse: Warehouse, command: str) -> None:
    """What a lake stands on is kept by servers: files of the home are none of it, and nothing is done to them."""
    if warehouse.own_backups:
        raise BackupError(
            f"{warehouse.place}: `synth-assets {command}` is for a database in a file, and nothing was done. "
            f"{warehouse.own_backups}."
        )


def _give_orders_again(home: Home, aside: "_Aside") -> None:
    """Withdrawals that the database of before had, and the one in its place has not."""
    again = give_again(Warehouse(database=str(home.database), calls_folder=str(home.calls)))
    if again.given:
        aside.note(home.database, f"lacked {again.given} withdrawal orders", "they stand again")
    for order in again.undone_since:
        named = f"--{order['scope']} {order['value']}"
        aside.note(home.database, f"has an order that was undone since, {named}",
                   f"undo it again: `synth-assets withdraw {named} --undo`")  # fmt: skip


def _repair_database(home: Home, backups: Sequence[Backup], aside: "_Aside") -> bool:
    """Whether another database takes the place, or none."""
    damage = damage_of(home.database) if home.database.exists() else ""
    log = log_of(home.database)
    if damage and log.exists():  # of the two, it may be the log alone
        aside.move(log, damage, "what was committed last is made again from the recorded calls")
        damage = damage_of(home.database)
    if home.database.exists() and not damage:
        return False
    copies = [(backup.made_at, backup.folder / DATABASE) for backup in backups]
    if home.snapshot.exists():
        copies.append((_time_of(home.snapshot), home.snapshot))
    if not home.database.exists() and not copies:
        return False  # a new home
    taken = next((path for _, path in sorted(copies, reverse=True) if not damage_of(path)), None)
    missing = " What it lacks, the next run makes again from the recorded calls."
    remedy = "there is no sound copy; the next run makes a new one." if taken is None else f"{taken} takes its place."
    fresh = None if taken is None else _copied_beside(taken, home.database)
    if home.database.exists():
        aside.move(home.database, damage, remedy + missing)
    else:
        aside.note(home.database, "is missing", remedy + missing)
    if fresh is not None:
        _put_in_place(fresh, home.database)
    return True


class _Aside:
    """The folder that damaged files of one repair go to, made when the first does, and what went there."""

    def __init__(self, home: Home) -> None:
        self._folder = home.data / "aside" / now().strftime("%Y%m%dT%H%M%S%f")
        self._data = home.data
        self.moved: list[Trouble] = []

    def move(self, path: Path, found: str, remedy: str) -> None:
        """Move a file, and a database's log with it, and note why."""
        gone = [each for each in (path, log_of(path)) if each.exists()]
        if not gone:
            return
        for each in gone:
            target = self._folder / each.relative_to(self._data)
            target.parent.mkdir(parents=True, exist_ok=True)
            each.rename(target)
        _sync(path.parent)
        self.note(path, found, f"moved to {self._folder}; {remedy}")

    def note(self, path: Path, found: str, remedy: str) -> None:
        self.moved.append(Trouble(subject=str(path), found=found, remedy=remedy))


def _leftovers(home: Home) -> Iterator[tuple[Path, str]]:
    """Copies that a run, a compaction or a fold was writing when it died; what they were made from still stands."""
    snapshot, compacted = home.snapshot.with_suffix(".new"), home.database.with_name(f"{home.database.name}.compact")
    for path in (snapshot, log_of(snapshot), compacted, log_of(compacted)):
        if path.exists() and not (path.suffix == ".wal" and path.with_suffix("").exists()):
            yield path, "a copy of the database that was not finished"
    for path in sorted((home.calls / "segments").glob("*.tmp")):
        yield path, "a segment of calls that was not finished; its journal or its segments stand"


def _damaged_segments(home: Home) -> Iterator[tuple[Path, str]]:
    for path in sorted((home.calls / "segments").glob("*.parquet")):
        try:
            pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError) as error:
            kind = "a merged segment of calls" if path.stem.startswith(f"{MERGED}-") else "a segment of calls"
            yield path, f"{kind} that cannot be read: {str(error).splitlines()[0]}"


def _torn_journals(home: Home) -> Iterator[Path]:
    for path in sorted((home.calls / "journal").glob("*.jsonl")):
        with path.open("rb") as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    yield path


def _copy_indexes(source: Path, target: Path) -> None:
    """Indexes as their manifests name them; one that changes under the copy is left out, and is built anew."""
    for manifest in sorted(source.rglob("manifest.json")):
        place = target / manifest.parent.relative_to(source)
        try:
            content = manifest.read_bytes()
            for name in json.loads(content)["files"]:
                _copy(manifest.parent / name, place / name)
            _write(place / "manifest.json", content)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            shutil.rmtree(place, ignore_errors=True)


def _copy_others(home: Home, target: Path) -> None:
    """Everything else that is made: releases, a fitted head. What is being written is hidden, or has a name for it."""
    for path in sorted(home.data.rglob("*")):
        name = path.relative_to(home.data)
        first = name.parts[0]
        of_database = first.startswith((f"{home.database.name}", f"{home.snapshot.stem}."))
        unfinished = any(part.startswith(".") for part in name.parts) or path.suffix in (".lock", ".tmp", ".part")
        if path.is_file() and first not in _BY_ITSELF and not of_database and not unfinished:
            with suppress(FileNotFoundError):  # removed since it was listed
                _copy(path, target / name)


def _files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _take_calls(path: Path, target: Path) -> None:
    """A file of recorded calls goes where there is none of its name: what is there holds the same calls and more."""
    if not target.exists():
        _copy(path, target)


def _copied_beside(copy: Path, database: Path) -> Path:
    """The copy beside the database, before that is moved: where the disk is full, it stays where it is."""
    fresh = database.with_name(f"{database.name}.compact")
    try:
        shutil.copyfile(copy, fresh)
        _sync(fresh)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    return fresh


def _put_in_place(fresh: Path, database: Path) -> None:
    fresh.replace(database)
    _sync(database.parent)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["format"] != _FORMAT:
            raise ValueError(f"its format is {manifest['format']}")
        if not isinstance(manifest["made_at"], str) or not isinstance(manifest["layout"], int):
            raise ValueError("it does not say when it was made, and by which layout")
        for each in manifest["files"]:
            path = Path(each["name"])
            if path.is_absolute() or ".." in path.parts:
                raise ValueError(f"it names {each['name']!r}, which lies outside")
            if not isinstance(each["sha256"], str) or not isinstance(each["bytes"], int):
                raise ValueError(f"it does not say what {each['name']} holds")
        if DATABASE not in {each["name"] for each in manifest["files"]}:
            raise ValueError(f"it names no {DATABASE}")
    except KeyError as error:
        raise BackupError(f"{folder}: is no backup that this package wrote whole: {MANIFEST} lacks {error}") from error
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{folder}: is no backup that this package wrote whole: {error}") from error
    return manifest


def _time_of(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.part")
    shutil.copyfile(path, fresh)
    _sync(fresh)
    fresh.replace(target)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    _sync(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
