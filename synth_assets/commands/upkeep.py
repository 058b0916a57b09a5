"""`synth-assets compact`, `backup`, `restore` and `repair`: what keeps a home in order."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from synth_assets.commands.project import open_home, open_warehouse
from synth_assets.errors import WarehouseBroken
from synth_assets.stages.upkeep import Backup, Trouble, back_up, check_backup, look, repair, restore
from synth_assets.stages.upkeep import compact as compact_home


def compact() -> dict[str, Any]:
    """Rewrite the database and merge small segments of calls; {"database": {...}, "calls": {...}}."""
    home = open_home()
    return compact_home(home, open_warehouse(home))


def backup(target: str) -> Backup:
    """Copy the home into a folder that is not there yet, while runs go on."""
    folder = Path(target).absolute()  # the home becomes the working folder
    home = open_home()
    return back_up(home, open_warehouse(home), folder)


def restore_backup(folder: str) -> tuple[Backup, list[Trouble]]:
    """Make the home what a backup says; what that was, and what was moved aside for it."""
    place = Path(folder).absolute()
    found = check_backup(place)
    home = open_home()
    return found, restore(home, open_warehouse(home), place)


def repair_home(backups: Sequence[str]) -> list[Trouble]:
    """Mend what is damaged from what is durable; what was found, and what was done about it.

    Raises:
        WarehouseBroken: something is damaged still; the text names it.
    """
    places = [Path(folder).absolute() for folder in backups]
    home = open_home()
    warehouse = open_warehouse(home)
    mended = repair(home, warehouse, places)
    with warehouse.locked("looking what is left"):
        left = [trouble for trouble in look(home) if not trouble.harmless]
    if left:
        raise WarehouseBroken("; ".join(f"{each.subject}: {each.found}" for each in left))
    return mended


def print_compacted(console: Console, done: dict[str, Any]) -> None:
    """What was merged, and how much smaller the files are."""
    database, calls = done["database"], done["calls"]
    _say(console, f"database: {_size(database['bytes_before'])} before, {_size(database['bytes_after'])} after")
    if calls["into"]:
        _say(
            console,
            f"calls: {calls['merged']} segments into {calls['into']}, {calls['calls']:,} calls, "
            f"{_size(calls['bytes_before'])} before, {_size(calls['bytes_after'])} after",
        )
    else:
        _say(console, "calls: nothing to merge")
    if calls["left"]:
        _say(console, f"{calls['left']} merged segments are being read and stay until the next compaction")


def print_backup(console: Console, made: Backup, verb: str) -> None:
    """Where it is, of when, and how large."""
    _say(console, f"{verb} {made.folder}: {made.files} files, {_size(made.bytes)}, of {made.made_at}")


def print_troubles(console: Console, troubles: Sequence[Trouble]) -> None:
    """What was found and what was done about it, a line each."""
    for trouble in troubles:
        _say(console, f"{trouble.subject}: {trouble.found}; {trouble.remedy}")
    if not troubles:
        _say(console, "nothing is damaged")


def _say(console: Console, line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)


def _size(count: int) -> str:
    return f"{count / 2**20:,.1f} MiB"
