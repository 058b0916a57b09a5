"""Moves a project from one warehouse to another: every row, every stored call, and the files that workers share.

The source is held still, as a writer holds it, and never written. Rows go over in pages, each a transaction of the
target; what is there already, by the hash of the whole row, is not sent again, so that a migration that was killed goes
on where it was. At the end every table of both sides is summed up by the hashes of its rows; where two differ, it is an
error. Nothing is ever deleted: a target that holds rows which the source has not is refused before anything is written.

Releases stay where they are, in folders of the home; the table that tells of them moves.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl

from synth_assets.errors import MigrationError
from synth_assets.home import Home
from synth_assets.sharing.blobs import MANIFEST, Blobs, bring_in_step, fetch_folder, publish_folder
from synth_assets.warehouse import SCHEMA_VERSION, RowSums, Transaction, Warehouse, table_names

log = logging.getLogger("synth_assets.migration")

CALLS = "model_calls"
# Every warehouse's own history.
NOT_MOVED = ("schema_version",)
# Rows that go over in one transaction: some tens of MiB of the longest, and a file of the lake each.
PAGE = 50_000
PAGE_OF_CALLS = 5_000
LOCK = "migration"

_Result = TypeVar("_Result")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One table after the move: its rows, those of them that were sent just now, and what all of them come to, the same
    in both warehouses."""

    table: str
    rows: int
    sent: int
    sums: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """What a migration did. `tables` are all of them, the stored calls last; `files` those that workers share."""

    source: str
    target: str
    tables: tuple[Moved, ...]
    files: int

    @property
    def sent(self) -> int:
        """Rows that were not there before."""
        return sum(each.sent for each in self.tables)


def migrate(
    home: Home,
    source: Warehouse,
    target: Warehouse,
    *,
    run_id: str = "migration",
    page: int = PAGE,
    progress: Progress = lambda table, done, total: None,
) -> Migration:
    """Make the target hold what the source holds, and prove it. Twice is once.

    Runs must have ended: who wants to write to the source meanwhile waits, and is told for whom.

    Args:
        run_id: what calls are recorded under where the target keeps them by run; each keeps its own in its row.
        progress: told of each table how many rows of how many were sent.

    Raises:
        MigrationError: layouts differ, the target holds what the source does not, or the two are not equal at the end;
            the text names the table.
        WarehouseBusy, WarehouseBroken: either cannot be used; what was sent stays, and the next time goes on from it.
    """
    _check_layouts(source, target)
    tables = [*(table for table in table_names() if table not in NOT_MOVED), CALLS]
    with target.locks.held(LOCK), _held_still(source, f"migrating to {target.place}") as held:
        own = {table: held.do(lambda open_, table=table: open_.sum_rows(table)) for table in tables}
        before = _sums_of(target, tables)
        there = {}
        for table in tables:
            if own[table] != before[table]:
                there[table] = _hashes_there(held, target, table, before[table])
        sent: Counter[str] = Counter()

        def tell(table: str, rows: int) -> None:
            sent[table] += rows
            progress(table, sent[table], own[table].rows - before[table].rows)

        _send_rows(held, target, there, page, tell)
        if CALLS in there:
            _send_calls(held, target, there[CALLS], run_id, page, tell)
        after = _sums_of(target, tables)
        for table in tables:
            _compare(table, own[table], after[table], source, target)
        files = move_files(home, source.blobs, target.blobs)
    return Migration(
        source=source.place,
        target=target.place,
        tables=tuple(
            Moved(table=table, rows=own[table].rows, sent=sent[table], sums=str(own[table])) for table in tables
        ),
        files=files,
    )


def move_files(home: Home, source: Blobs, target: Blobs) -> int:
    """Bring the files that workers share from one place to the other, by way of the home; how many are there now.

    Indexes that the target has are left as they are: they are made anew from rows where they lack any.
    """
    moved = 0
    for name in _kept_files(home, source):
        path = home.data / name
        bring_in_step(source, name, path)
        moved += bring_in_step(target, name, path)
    for name in _indexes(home, source):
        folder = home.data / name
        fetch_folder(source, name, folder)
        if target.is_at(name, folder) or target.read(f"{name}/{MANIFEST}") is None:
            publish_folder(target, name, folder)
        moved += 1
    return moved


# --- the source, held still


class _Held:
    """The source in one transaction, in a thread of its own: the target's may be open beside it."""

    def __init__(self, open_: Transaction, thread: ThreadPoolExecutor) -> None:
        self._open = open_
        self._thread = thread

    def do(self, ask: Callable[[Transaction], _Result]) -> _Result:
        """What the transaction says."""
        return self._thread.submit(ask, self._open).result()

    def pages(self, table: str, there: pl.DataFrame, size: int) -> Iterator[pl.DataFrame]:
        """The rows that are not there, page by page; the next is read while one is written."""
        rows = self._open.rows_not_there(table, there, size)
        coming = self._thread.submit(next, rows, None)
        while (page := coming.result()) is not None:
            coming = self._thread.submit(next, rows, None)
            yield page


@contextmanager
def _held_still(source: Warehouse, purpose: str) -> Iterator[_Held]:
    with ThreadPoolExecutor(1, thread_name_prefix="migration") as thread:
        held = ExitStack()
        # as who writes, so that nobody else does
        open_ = thread.submit(held.enter_context, source.transaction(purpose)).result()
        try:
            yield _Held(open_, thread)
        finally:
            # also after an error, which is another's: here nothing was written
            thread.submit(held.close).result()


# --- tables


def _check_layouts(source: Warehouse, target: Warehouse) -> None:
    found = source.layout()
    if not found:
        raise MigrationError(f"{source.place}: holds nothing to migrate yet")
    for warehouse, layout in ((source, found), (target, target.layout())):
        if layout > SCHEMA_VERSION:
            raise MigrationError(
                f"{warehouse.place}: has layout {layout}, and this package knows {SCHEMA_VERSION}: upgrade the package"
            )
        if layout not in (0, SCHEMA_VERSION):
            raise MigrationError(
                f"{warehouse.place}: has layout {layout}, and this package writes {SCHEMA_VERSION}: bring it up first, "
                "by any command that opens it (`synth-assets status`)"
            )


def _sums_of(warehouse: Warehouse, tables: list[str]) -> dict[str, RowSums]:
    with warehouse.reading("summing up all tables") as open_:
        return {table: open_.sum_rows(table) for table in tables}


def _hashes_there(held: _Held, target: Warehouse, table: str, sums: RowSums) -> pl.DataFrame:
    """The hashes of the target's rows, all of which the source must have."""
    if not sums.rows:
        return pl.DataFrame(schema={"row_hash": pl.UInt64})
    with target.reading(f"reading what is there of {table}") as open_:
        hashes = open_.row_hashes(table)
    strange = held.do(lambda open_: open_.count_strange(table, hashes))
    if strange:
        raise MigrationError(
            f"{target.place}: {strange} of {sums.rows} rows of {table} are not in the warehouse that is to be moved, "
            "or otherwise there; nothing was written. Migrate to one that is empty (move the file aside, or name "
            "another SYNTH_ASSETS_WAREHOUSE_SCHEMA and folder of the data)."
        )
    return hashes


def _send_rows(
    held: _Held, target: Warehouse, there: Mapping[str, pl.DataFrame], page: int, tell: Callable[[str, int], None]
) -> None:
    """Send what is not there, a page of rows in each transaction, of one table or of several small ones."""
    waiting: list[tuple[str, pl.DataFrame]] = []

    def write() -> None:
        with target.transaction("writing rows that are migrated") as open_:
            for table, rows in waiting:
                open_.append(table, rows)
        for table, rows in waiting:
            tell(table, rows.height)
        waiting.clear()

    for table, hashes in there.items():
        if table != CALLS:
            for rows in held.pages(table, hashes, page):
                waiting.append((table, rows))
                if sum(each.height for _, each in waiting) >= page:
                    write()
    if waiting:
        write()


def _send_calls(
    held: _Held, target: Warehouse, there: pl.DataFrame, run_id: str, page: int, tell: Callable[[str, int], None]
) -> None:
    with target.open_calls(run_id) as calls:
        for rows in held.pages(CALLS, there, min(page, PAGE_OF_CALLS)):
            tell(CALLS, calls.take(rows))


def _compare(table: str, own: RowSums, there: RowSums, source: Warehouse, target: Warehouse) -> None:
    if own != there:
        raise MigrationError(
            f"{table} is not the same in both: {own.rows} rows ({own}) in {source.place}, "
            f"{there.rows} rows ({there}) in {target.place}. The source is as it was; the other was written to by "
            "somebody else meanwhile, or is damaged. Migrate to one that is empty."
        )


# --- files


def _kept_files(home: Home, blobs: Blobs) -> list[str]:
    there = [path.relative_to(home.data).as_posix() for path in sorted((home.data / "domains").glob("*.yaml"))]
    head = "educational.json"
    if (home.data / head).is_file() or blobs.read(head) is not None:
        there.append(head)
    return sorted({*there, *(name for name in blobs.names("domains/") if name.endswith(".yaml"))})


def _indexes(home: Home, blobs: Blobs) -> list[str]:
    folder: Path = home.data / "indexes"
    there = {path.parent.relative_to(home.data).as_posix() for path in folder.rglob(MANIFEST)}
    return sorted(
        there | {name.rpartition("/")[0] for name in blobs.names("indexes/") if name.endswith(f"/{MANIFEST}")}
    )
