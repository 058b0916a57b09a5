"""`synth-assets migrate`: from the home's database to the lake that the environment names, and back."""

import os

from rich.console import Console
from rich.table import Table

from synth_assets.commands.project import open_home, open_warehouse
from synth_assets.errors import MigrationError
from synth_assets.lake.warehouse import SETTING
from synth_assets.stages.migration import Migration
from synth_assets.stages.migration import migrate as move
from synth_assets.warehouse import Warehouse

DIRECTIONS = ("lake", "file")


def migrate(console: Console, to: str) -> Migration:
    """Move everything to the lake or to the file, and prove that both are the same; `console` is told how far it is.

    Raises:
        MigrationError: no lake is named, or see `stages.migration.migrate`.
    """
    home = open_home()
    if not os.environ.get(SETTING):
        raise MigrationError(f"{SETTING} names no lake to migrate {'to' if to == 'lake' else 'from'}; see the README")
    lake = open_warehouse(home)
    file = Warehouse(database=str(home.database), calls_folder=str(home.calls))
    source, target = (file, lake) if to == "lake" else (lake, file)

    def tell(table: str, done: int, total: int) -> None:
        console.print(f"{table}: {done:,} of {total:,} rows sent", highlight=False)

    return move(home, source, target, progress=tell)


def print_migration(console: Console, done: Migration) -> None:
    """What every table comes to in both, and what was sent; that there was nothing to do, where there was nothing."""
    table = Table(box=None, header_style="bold")
    for name in ("table", "rows in both", "sent now"):
        table.add_column(name, justify="left" if name == "table" else "right")
    table.add_column("hash of the rows in both")
    for each in done.tables:
        if each.rows:
            table.add_row(each.table, f"{each.rows:,}", f"{each.sent:,}", each.sums)
    console.print(table)
    _say(console, f"{done.files} files that workers share")
    _say(console, f"from {done.source}")
    _say(console, f"to {done.target}")
    sent = f"{done.sent:,} rows sent; all tables are equal"
    _say(console, sent if done.sent else "all was there already: there was nothing to do")


def _say(console: Console, line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)
