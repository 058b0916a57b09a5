"""The warehouse: one DuckDB file, opened only here, only for the length of one short transaction.

DuckDB lets one process at a time have a file open, and even a reader keeps a writer out. So every access takes a file
lock beside the database, opens, does its work whole or not at all, and closes; nothing is open while a model thinks.
Measured with 4 processes x 20 writes: plain connections fail 43 of 80 times, this way none do.

SQL stands in files under sql/, one statement each; values are `$name` parameters.
"""

import hashlib
import json
import logging
import os
import re
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import polars as pl
from dagster_duckdb import DuckDBResource
from filelock import FileLock, Timeout
from pydantic import Field, PrivateAttr

from synth_assets.calls.folder import CallFolder
from synth_assets.calls.log import CallLog
from synth_assets.calls.record import SCHEMA
from synth_assets.errors import SeedError, WarehouseBroken, WarehouseBusy
from synth_assets.extensions import packaged_extension
from synth_assets.home import project_file
from synth_assets.machine import machine_folder
from synth_assets.models.shared_state import OnEnter, OnLeave, SharedNumbers, numbers_in
from synth_assets.reading import attached
from synth_assets.sharing.blobs import Blobs, FolderBlobs
from synth_assets.sharing.locks import FileLocks, Locks

log = logging.getLogger("synth_assets.warehouse")

SCHEMA_VERSION = 6
SLOW_WAIT_S = 3.0
DOORS = (4, 3, 2, 1)

# Files made with this setting are opened by DuckDB 1.4 and later, also after writes by 2.0.
STORAGE = {"storage_compatibility_version": "v1.4.0"}
_HEADERS_BYTES = 3 * 4096

_open = threading.local()

# Seconds that transactions of this process waited for their turn, the newest of them; `take_waits` empties it.
_waits: deque[float] = deque(maxlen=100_000)


def take_waits() -> list[float]:
    """Seconds that each transaction of this process waited for its turn since this was last asked."""
    taken = []
    with suppress(IndexError):  # another thread may be adding to it: each is taken by one
        while True:
            taken.append(_waits.popleft())
    return taken


@cache
def sql(name: str) -> str:
    """The statement in sql/<name>.sql; where it asks for it, with the one that says what state rows come to put in."""
    text = (project_file("sql") / f"{name}.sql").read_text("utf-8")
    return text.replace("{states}", sql("views/states_of_joined")) if "{states}" in text else text


# By text; good for every connection, and several at once. To parse what one trace reads takes DuckDB 10 ms of 150.
_parsed: dict[str, duckdb.Statement] = {}


def _statement(connection: duckdb.DuckDBPyConnection, text: str) -> duckdb.Statement:
    """A statement of sql/, parsed once a process."""
    if text not in _parsed:
        (_parsed[text],) = connection.extract_statements(text)
    return _parsed[text]


def table_names() -> list[str]:
    """Every table of the warehouse, alphabetically."""
    return sorted(path.stem for path in (project_file("sql") / "tables").glob("*.sql"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table, as its DDL states it."""

    name: str
    type: str
    description: str
    nullable: bool


@cache
def grain(table: str) -> str:
    """The sentence that heads a table's DDL: what one row is."""
    return sql(f"tables/{table}").splitlines()[0].removeprefix("--").strip()


@cache
def columns(table: str) -> tuple[Column, ...]:
    """The columns of a table, read from its DDL: `name type [not null], -- description`."""
    found = re.findall(r"^    (\w+) ([a-z]+(?:\[\])?)( not null)?,?\s*-- (.+)$", sql(f"tables/{table}"), re.MULTILINE)
    return tuple(
        Column(name=name, type=kind, description=text, nullable=not required) for name, kind, required, text in found
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSums:
    """How many rows a table has and what the hashes of its rows come to; equal for equal rows in any order."""

    rows: int
    xored: int
    summed: int

    def __str__(self) -> str:
        return f"{self.xored:016x}{self.summed % 2**64:016x}"


class Transaction:
    """What may be done while the database is open: run statements of sql/ and insert frames.

    Attributes:
        version: the same in two readings of this process only if nothing was written between them; "" where that cannot
            be told.
    """

    version: str = ""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        session: Callable[[], duckdb.DuckDBPyConnection] | None = None,
        version: str = "",
    ) -> None:
        """`session` gives further connections that read what is committed; without it there are none."""
        self.connection = connection
        self.version = version
        self._new_session = session

    def limit_memory(self, size: str) -> None:
        """Let DuckDB hold at most this much ("300MB") in this transaction, and put the rest on disk.

        It otherwise keeps whatever it has read in up to 80% of the machine's memory.
        """
        self.connection.execute("set memory_limit = $size", {"size": size})

    def rows(self, name: str, /, **params: Any) -> list[dict[str, Any]]:
        """The rows of the SELECT in sql/<name>.sql, as dictionaries."""
        return self.rows_of(sql(name), **params)

    def rows_of(self, text: str, /, **params: Any) -> list[dict[str, Any]]:
        """The rows of a SELECT of sql/ that words of the caller's were put into, as dictionaries.

        Every text is kept: they are a few, and what is data comes by `params`.
        """
        cursor = self.connection.execute(_statement(self.connection, text), params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def frame(self, name: str, /, **params: Any) -> pl.DataFrame:
        """The rows of the SELECT in sql/<name>.sql, as a Polars frame."""
        return self.connection.sql(sql(name), params=params).pl()

    def execute(self, name: str, /, **params: Any) -> int:
        """Run the statement in sql/<name>.sql; the number of rows it changed."""
        changed = self.connection.execute(sql(name), params).fetchone()
        return int(changed[0]) if changed and isinstance(changed[0], int) else 0

    def note(self, name: str, /, **params: Any) -> None:
        """Run the statement in sql/<name>.sql that sets a variable of this transaction's session; it writes nothing."""
        self.connection.execute(_statement(self.connection, sql(name)), params)

    def side_by_side(self, *readings: Callable[["Transaction"], Any]) -> list[Any]:
        """What these read, in their order, at the same time where the warehouse can. Each is given what it reads with,
        which need not see what this transaction wrote."""
        if self._new_session is None:
            return [reading(self) for reading in readings]
        first, *others = readings
        with ExitStack() as opened, ThreadPoolExecutor(len(readings)) as threads:
            sessions = [opened.enter_context(self._new_session()) for _ in others]
            beside = [
                threads.submit(reading, Transaction(each, version=self.version))
                for reading, each in zip(others, sessions, strict=True)
            ]
            return [first(self), *(each.result() for each in beside)]

    def insert(self, table: str, rows: list[dict[str, Any]]) -> int:
        """Insert rows that are not there yet, by sql/transforms/insert_<table>.sql; the number that was new.

        Values of JSON columns are given as Python values and written as JSON.
        """
        if not rows:
            return 0
        incoming = _frame(table, rows)
        self.connection.register("incoming", incoming)
        try:
            return self.execute(f"transforms/insert_{table}")
        finally:
            with suppress(duckdb.TransactionException):  # an aborted transaction refuses this too; why it was is told
                self.connection.unregister("incoming")

    def insert_batches(self, table: str, batches: Callable[[frozenset[str]], Any]) -> int:
        """As `insert`, of more rows than memory holds, and in their order, which a join would not keep.

        Args:
            batches: gives a reader of Arrow record batches with the table's columns (values of JSON as text) from the
                first, without the rows of these ids.
        """
        with self._registered("incoming", batches(frozenset())):
            key = _identifier(columns(table)[0].name)
            text = sql("moving/known_rows").replace("{table}", _identifier(table)).replace("{columns}", key)
            known = frozenset(row[0] for row in self.connection.execute(text).fetchall())
        with self._registered("incoming", batches(known)):
            (made,) = self.connection.execute(sql(f"transforms/append_{table}")).fetchone() or (0,)
        return int(made)

    # --- whole tables, for moving them

    def sum_rows(self, table: str) -> RowSums:
        """The rows of a table, or of the view `model_calls`, summed up by their hashes."""
        (row,) = self._moving("sum_rows", table).fetchall()
        return RowSums(rows=row[0], xored=row[1], summed=int(row[2]))

    def row_hashes(self, table: str) -> pl.DataFrame:
        """The hash of every row: one column, `row_hash`, unsigned."""
        return self._moving("hash_rows", table).pl()

    def count_strange(self, table: str, there: pl.DataFrame) -> int:
        """How many of these hashes no row of the table has."""
        with self._registered("there", there):
            return int(self._moving("strange_hashes", table).fetchall()[0][0])

    def rows_not_there(self, table: str, there: pl.DataFrame, size: int) -> Iterator[pl.DataFrame]:
        """The rows whose hash is not among these, in frames of about `size` rows, read as they are asked for."""
        with self._registered("there", there):
            reader = self._moving("rows_not_there", table).to_arrow_reader(size)
            for batch in reader:
                yield pl.DataFrame(pl.from_arrow(batch))

    def append(self, table: str, rows: pl.DataFrame) -> int:
        """Add rows as they are, without a look at what is there; how many."""
        with self._registered("incoming", rows):
            self.connection.execute(_of_table("append_rows", table))
        return rows.height

    def _moving(self, name: str, table: str) -> duckdb.DuckDBPyRelation:
        return self.connection.sql(_of_table(name, table))

    @contextmanager
    def _registered(self, name: str, frame: pl.DataFrame) -> Iterator[None]:
        connection = self.connection
        connection.register(name, frame)
        try:
            yield
        finally:
            with suppress(duckdb.Error):  # an aborted transaction refuses this too; why it was is told
                connection.unregister(name)


def _version_of(database: Path) -> str:
    """What changes with every write of a database file: what the system says of it, and its three headers, of which the
    second and third count the checkpoints. Not to be asked while DuckDB has the file open in this process: its lock on
    it would go with the closing of ours (fcntl)."""
    try:
        with database.open("rb") as file:
            headers = file.read(_HEADERS_BYTES)
        return f"{_marks_of(database)} {hashlib.sha256(headers).hexdigest()}"
    except OSError:
        return ""  # DuckDB says what is wrong with it


def _marks_of(database: Path) -> str:
    stated = database.stat()
    return f"{database.resolve()} {stated.st_ino} {stated.st_size} {stated.st_mtime_ns}"


def _of_table(name: str, table: str) -> str:
    """The statement sql/moving/<name>.sql for a table or for the view of the calls, whose names are ours."""
    if table == "model_calls":
        stated = dict.fromkeys(SCHEMA, "varchar")
    else:
        stated = {column.name: column.type for column in columns(table)}
    names = {column: _identifier(column) for column in stated}
    # JSON goes as the text that it is
    selected = ", ".join(f"{name}::varchar as {name}" if stated[column] == "json" else name
                         for column, name in names.items())  # fmt: skip
    text = sql(f"moving/{name}").replace("{table}", _identifier(table)).replace("{columns}", ", ".join(names.values()))
    return text.replace("{selected}", selected)


_POLARS_TYPES: dict[str, Any] = {
    "varchar": pl.String,
    "json": pl.String,
    "integer": pl.Int32,
    "bigint": pl.Int64,
    "double": pl.Float64,
    "boolean": pl.Boolean,
    "blob": pl.Binary,
    "timestamptz": pl.Datetime("us", "UTC"),
    "varchar[]": pl.List(pl.String),
    "bigint[]": pl.List(pl.Int64),
    "float[]": pl.List(pl.Float32),
}


def _frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {}
    data: dict[str, list[Any]] = {}
    for column in columns(table):
        schema[column.name] = _POLARS_TYPES[column.type]
        values = [row[column.name] if not column.nullable else row.get(column.name) for row in rows]
        if column.type == "json":
            values = [None if value is None else json.dumps(value, ensure_ascii=False) for value in values]
        data[column.name] = values
    unknown = {name for row in rows for name in row} - set(schema)
    if unknown:
        raise ValueError(f"table {table} has no column {', '.join(sorted(unknown))}")
    return pl.DataFrame(data, schema=schema)


class Warehouse(DuckDBResource):
    """dagster-duckdb's resource with short, locked, all-or-nothing transactions.

    `database` is the file's path; `calls_folder` holds the model calls that the view `model_calls` reads.
    """

    calls_folder: str = Field(
        default="", description="Folder of the model calls; empty takes `calls` beside the database."
    )
    patience_s: float = Field(
        default=60.0, description="Seconds a transaction waits for the database before it gives up."
    )

    _prepared: bool = PrivateAttr(default=False)

    @property
    def path(self) -> Path:
        return Path(self.database)

    @property
    def place(self) -> str:
        """What messages call it."""
        return str(self.path)

    @property
    def blobs(self) -> Blobs:
        """The files that all workers of this warehouse have in common."""
        return FolderBlobs(self.path.parent)

    @property
    def locks(self) -> Locks:
        """Locks by name for all who work on this warehouse; they end with their process, however it ends."""
        return FileLocks(self.path.parent / "locks")

    def open_calls(self, run_id: str) -> CallLog:
        """The record of calls: what this run appends to and what everybody reads. The caller closes it.

        Raises:
            WarehouseBroken: it cannot be read or written.
        """
        guard = partial(self.locked, f"keeping the calls of {run_id} in order")
        return CallFolder(self._folder_of_calls, run_id, guard=guard)

    def numbers(
        self, name: str, *, head: int, width: int, on_enter: OnEnter, on_leave: OnLeave, of_machine: bool = False
    ) -> SharedNumbers:
        """Numbers that all who work on this warehouse share, as `synth_assets.models.shared_state.Numbers` says.

        Args:
            of_machine: not of this project alone: with files, of all projects of this user on this machine.
        """
        make = numbers_in(machine_folder() / "endpoints" if of_machine else self._folder_of_calls / "purses")
        return make(name, head=head, width=width, on_enter=on_enter, on_leave=on_leave)

    @contextmanager
    def transaction(self, purpose: str) -> Iterator[Transaction]:
        """Open the database for one short transaction: all of it is written, or, on any error, none of it.

        Raises:
            WarehouseBusy: somebody else kept the database longer than `patience_s`; the text names them.
            WarehouseBroken: the file cannot be opened or written (damaged, disk full, no permission).
        """
        with self._carried(purpose, self._opened) as open_:
            yield open_

    @contextmanager
    def reading(self, purpose: str, *, by_place: bool = False) -> Iterator[Transaction]:
        """A transaction that only reads. In a warehouse that is no file it waits for nobody, and nobody for it.

        Args:
            by_place: only rows are read whose places are known (`synth_assets.audit.places`). What views and work lists
                go by, `note_open_since`, is then not noted, which takes as long as to read three such rows.

        Raises:
            WarehouseBusy, WarehouseBroken: see `transaction`.
        """
        # a log that a crash left must be written into the file first, and settings of their own come with an opening
        log_left = self.path.with_name(f"{self.path.name}.wal").exists()
        plain = not self._prepared or log_left or self.connection_config
        with self._carried(purpose, self._opened if plain else self._attached, noting=not by_place) as open_:
            yield open_

    @contextmanager
    def _carried(
        self, purpose: str, opened: Callable[[str, float], AbstractContextManager[Transaction]], *, noting: bool = True
    ) -> Iterator[Transaction]:
        """Do what a transaction is for in the database as `opened` opens it, alone."""
        if getattr(_open, "purpose", None):
            raise RuntimeError(f"{purpose}: a transaction is open already in this thread ({_open.purpose})")
        started = time.monotonic()
        lock = self._lock(purpose, started)
        _open.purpose = purpose
        try:
            with opened(purpose, started) as open_, all_or_nothing(open_.connection):
                if noting:
                    note_open_since(open_.connection)
                yield open_
        # a commit that finds the disk full is a TransactionException
        except (
            duckdb.IOException, duckdb.TransactionException, duckdb.FatalException, duckdb.InternalException,
            duckdb.SerializationException,
        ) as error:  # fmt: skip
            raise WarehouseBroken(
                f"{self.path}: {purpose} failed, nothing of it was written: {_first_line(error)}"
                f"{_remedy(_first_line(error))}"
            ) from error
        finally:
            _open.purpose = None
            lock.release()

    @contextmanager
    def locked(self, purpose: str) -> Iterator[None]:
        """Keep everybody's transactions out without opening the database: for files that a view reads."""
        lock = self._lock(purpose, time.monotonic())
        try:
            yield
        finally:
            lock.release()

    def read(self, name: str, /, **params: Any) -> list[dict[str, Any]]:
        """The rows of the SELECT in sql/<name>.sql, in a transaction of its own."""
        with self.reading(f"reading {name}") as open_:
            return open_.rows(name, **params)

    def insert(self, table: str, rows: list[dict[str, Any]]) -> int:
        """Insert rows that are not there yet, in a transaction of its own; the number that was new."""
        if not rows:
            return 0
        with self.transaction(f"writing {table}") as open_:
            return open_.insert(table, rows)

    def publish_snapshot(self, target: Path, *, not_within_s: float = 0.0) -> bool:
        """Copy the database to a read-only file for people's own tools; False when the last copy is recent enough."""
        if target.exists() and time.time() - target.stat().st_mtime < not_within_s:
            return False
        fresh = target.with_suffix(".new")
        purpose = "publishing the snapshot"
        started = time.monotonic()
        lock = self._lock(purpose, started)
        try:
            self._copy(fresh, purpose, started)
            fresh.chmod(0o444)
            os.replace(fresh, target)
        except (duckdb.Error, OSError) as error:
            raise WarehouseBroken(f"{target}: the snapshot could not be written: {_first_line(error)}") from error
        finally:
            with suppress(OSError):
                remove_database(fresh)
            lock.release()
        return True

    def compact(self) -> tuple[int, int]:
        """Write the database anew, without the room that rows left which are gone; its bytes before and after.

        Everybody else waits meanwhile. A crash at any moment leaves the file of before or the new one.

        Raises:
            WarehouseBusy: somebody else kept the database longer than `patience_s`.
            WarehouseBroken: it cannot be read or written; it stays as it was.
        """
        fresh = self.path.with_name(f"{self.path.name}.compact")
        purpose = "compacting the database"
        started = time.monotonic()
        lock = self._lock(purpose, started)
        try:
            before = self.path.stat().st_size if self.path.exists() else 0
            self._copy(fresh, purpose, started)
            # what was committed is in the file: a log that still stands is one that DuckDB could read
            # nothing of, and it would be taken for the new one's
            log_of(self.path).unlink(missing_ok=True)
            if before:
                shutil.copymode(self.path, fresh)
            after = fresh.stat().st_size
            os.replace(fresh, self.path)
            _sync(self.path.parent)
        except (duckdb.Error, OSError) as error:
            raise WarehouseBroken(f"{self.path}: could not be compacted and is as it was: {_first_line(error)}"
                                  ) from error  # fmt: skip
        finally:
            with suppress(OSError):
                remove_database(fresh)
            lock.release()
        return before, after

    def bytes_by_table(self) -> dict[str, int]:
        """What the rows of each table take on disk, in whole blocks of the file (256 KiB)."""
        sizes = {}
        with self.reading("measuring the tables") as open_:
            connection = open_.connection
            (block,) = connection.execute(
                "select block_size from pragma_database_size() where database_name = current_database()"
            ).fetchone() or (0,)
            for table in table_names():
                query = "select count(distinct block_id) from pragma_storage_info($name) where persistent"
                (blocks,) = connection.execute(query, {"name": table}).fetchone() or (0,)
                sizes[table] = blocks * block
        return sizes

    @property
    def own_backups(self) -> str:
        """How it is backed up where it is no file of the home; "" for the file, which `synth-assets backup` copies."""
        return ""

    def facts(self) -> dict[str, str]:
        """What can be said of it, subject to text, after trying it.

        Raises:
            WarehouseBusy, WarehouseBroken: it cannot be used; the text says why.
        """
        if not self.path.exists():
            return {"warehouse": f"{self.path} will be made by the first run"}
        samples = self.read("audit/count_samples", exercise=None, language=None)[0]["rows"]
        return {"warehouse": f"{self.path}, {samples} samples"}

    def layout(self) -> int:
        """The number of the layout that the database has on disk; 0 where there is none. Nothing is changed.

        Raises:
            WarehouseBusy, WarehouseBroken: see `transaction`.
        """
        if not self.path.exists():
            return 0
        purpose = "reading the layout"
        started = time.monotonic()
        lock = self._lock(purpose, started)
        try:
            connection = self._connect(purpose, started)
            try:
                return layout_in(connection)
            finally:
                connection.close()
        finally:
            lock.release()

    def unlike_ddl(self) -> list[dict[str, str]]:
        """Columns that are missing, too many, or of another type than sql/tables says.

        Returns:
            [{"table", "column", "stated", "found"}], "" where one of the two does not know the column. The order of
            columns and whether they may be null is not compared: a migration cannot set either.
        """
        with self.reading("reading the columns of all tables") as open_:
            rows = open_.connection.execute(
                "select table_name, column_name, lower(data_type) from duckdb_columns() "
                "where not internal and database_name = current_database() and table_name in "
                "(select table_name from duckdb_tables() where not internal and not temporary)"
            ).fetchall()
        spelled = {"timestamp with time zone": "timestamptz"}
        found = {(table, column): spelled.get(kind, kind) for table, column, kind in rows}
        stated = {(table, column.name): column.type for table in table_names() for column in columns(table)}
        return [
            {"table": key[0], "column": key[1], "stated": stated.get(key, ""), "found": found.get(key, "")}
            for key in sorted({*found, *stated})
            if stated.get(key) != found.get(key)
        ]

    def _copy(self, fresh: Path, purpose: str, started: float) -> None:
        """Copy the database to a file that is synced when this returns. The caller holds the lock."""
        remove_database(fresh)  # of a run that died; under the lock, because another may be writing it now
        connection = self._connect(purpose, started)
        try:
            self._prepare(connection)
            connection.execute("checkpoint")
            # a path cannot be a parameter of ATTACH; this one is ours, and its quotes are doubled
            connection.execute(f"attach {literal(str(fresh))} as fresh (storage_version 'v1.4.0')")
            connection.execute(f"copy from database {_identifier(self.path.stem)} to fresh")
            for table in table_names():
                counts = connection.execute(
                    f"select (select count(*) from {_identifier(table)}), (select count(*) from fresh.{table})"
                ).fetchone()
                if counts is None or counts[0] != counts[1]:
                    raise WarehouseBroken(f"{fresh}: table {table} was not copied whole: {counts}")
            connection.execute("checkpoint fresh")  # what stayed in its log would not be in the file
            connection.execute("detach fresh")
        finally:
            connection.close()
        _sync(fresh)

    def _lock(self, purpose: str, started: float) -> FileLock:
        lock_path = self.path.with_name(f"{self.path.name}.lock")
        holder_path = self.path.with_name(f"{self.path.name}.holder")
        lock = FileLock(lock_path, thread_local=False)
        # Who waits goes through a row of doors, one in each, so that the first to come is the first to go in. A lock
        # alone is taken again by who has just let it go: one of 4 processes that write without a pause waited 5 s.
        doors = [
            FileLock(self.path.with_name(f"{self.path.name}.door{number}"), thread_local=False) for number in DOORS
        ]

        def wait_until(end: float) -> None:
            behind: FileLock | None = None
            for ahead in (*doors, lock):
                try:
                    ahead.acquire(timeout=max(0.0, end - time.monotonic()), poll_interval=0.005)
                finally:
                    if behind is not None:
                        behind.release()
                behind = ahead

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                wait_until(started + min(SLOW_WAIT_S, self.patience_s))
            except Timeout:
                log.warning("%s waits for the database, held by %s", purpose, _holder(holder_path))
                wait_until(started + self.patience_s)
        except Timeout as error:
            raise WarehouseBusy(
                f"{self.path}: {purpose} waited {self.patience_s:.0f} s for the database; "
                f"it is held by {_holder(holder_path)}. Try again when that has ended."
            ) from error
        except OSError as error:
            raise WarehouseBroken(f"{lock_path}: cannot be written: {error.strerror}") from error
        try:
            holder_path.write_text(json.dumps({"pid": os.getpid(), "purpose": purpose, "since": _now().isoformat()}))
        except OSError as error:
            lock.release()
            raise WarehouseBroken(f"{holder_path}: cannot be written: {error.strerror}") from error
        _waits.append(time.monotonic() - started)
        return lock

    @contextmanager
    def _opened(self, purpose: str, started: float) -> Iterator[Transaction]:
        connection = self._connect(purpose, started)
        try:
            self._prepare(connection)
            yield Transaction(connection)
        finally:
            connection.close()

    @contextmanager
    def _attached(self, purpose: str, started: float) -> Iterator[Transaction]:
        version = _version_of(self.path)
        with ExitStack() as opened:
            session = self._patiently(lambda: opened.enter_context(attached(self.database)), purpose, started)
            if not version.startswith(f"{_marks_of(self.path)} "):  # another program was quicker
                version = ""
            yield Transaction(opened.enter_context(session()), session, version)

    def _connect(self, purpose: str, started: float) -> duckdb.DuckDBPyConnection:
        config = {**STORAGE, **self.connection_config}
        connection = self._patiently(lambda: duckdb.connect(self.database, config=config), purpose, started)
        connection.execute("set timezone = 'UTC'")
        return connection

    def _patiently(self, opening: Callable[[], Any], purpose: str, started: float) -> Any:
        """What opens the database, again while another program has it."""
        while True:
            try:
                return opening()
            except duckdb.Error as error:  # a damaged first block is the plainest of them
                text = _first_line(error)
                if "lock on file" not in text:
                    raise WarehouseBroken(f"{self.path}: cannot be opened: {text}{_remedy(text)}") from error
                if time.monotonic() - started > self.patience_s:
                    raise WarehouseBusy(
                        f"{self.path}: {purpose} waited {self.patience_s:.0f} s for the database, which another "
                        f"program has open: {text}. Close it, or open the read-only snapshot beside the database."
                    ) from error
                time.sleep(0.05)

    def _prepare(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Bring tables and views about, once a process; a second time does nothing.

        Each layout is brought about by itself: DuckDB 1.5 does not commit a table that was altered, written and altered
        again, and what is killed goes on at the layout it had come to.
        """
        if self._prepared:
            return
        with all_or_nothing(connection):
            for table in table_names():
                connection.execute(sql(f"tables/{table}"))
            found = connection.execute("select max(version) from schema_version").fetchone()[0]
            if found is None:
                self._note_layout(connection, SCHEMA_VERSION)
            elif found > SCHEMA_VERSION:
                raise WarehouseBroken(
                    f"{self.path}: was written by a newer synth-assets (layout {found}, this one knows "
                    f"{SCHEMA_VERSION}); upgrade the package"
                )
        for version in range(found + 1, SCHEMA_VERSION + 1) if found else ():
            with all_or_nothing(connection):
                for path in sorted((project_file("sql") / "migrations").glob(f"{version}_*.sql")):
                    connection.execute(sql(f"migrations/{path.stem}"))
                self._note_layout(connection, version)
        with all_or_nothing(connection):
            existing = dict(connection.execute(
                "select view_name, comment from duckdb_views() where not internal").fetchall())  # fmt: skip
            for name, text in self._views().items():
                mark = str(hash_text(text))
                if existing.get(name) != mark:
                    connection.execute(text)
                    connection.execute(f"comment on view {_identifier(name)} is {literal(mark)}")
        self._prepared = True

    def _note_layout(self, connection: duckdb.DuckDBPyConnection, version: int) -> None:
        made = {"version": version, "made_at": _now()}
        connection.execute("insert into schema_version values ($version, $made_at)", made)

    def _views(self) -> dict[str, str]:
        return {
            "candidate_states": sql("views/candidate_states"),
            "state_groups": sql("views/state_groups"),
            "cell_groups": sql("views/cell_groups"),
            "row_stamps": sql("views/row_stamps"),
            # the second reads the first
            "withdrawn_sections": sql("views/withdrawn_sections"),
            "withdrawn_descendants": sql("views/withdrawn_descendants"),
            "model_calls": self._model_calls(),
        }

    def _model_calls(self) -> str:
        """The statement that makes the view `model_calls`."""
        folder = self._folder_of_calls
        CallFolder(folder, "warehouse").close()  # leaves the empty files, so that the view's globs match something
        kinds = {pl.String(): "varchar", pl.Int64(): "bigint", pl.Float64(): "double"}
        typed = ", ".join(f"{literal(name)}: {literal(kinds[kind])}" for name, kind in SCHEMA.items())
        calls = sql("views/model_calls").replace("{columns}", "{" + typed + "}")
        return calls.replace("{calls}", str(folder.resolve()).replace("'", "''"))

    @property
    def _folder_of_calls(self) -> Path:
        return Path(self.calls_folder) if self.calls_folder else self.path.parent / "calls"


class RemoteFiles:
    """Reads Parquet and JSON lines at addresses (hf://, s3://, https://, file://) by a DuckDB connection of its own.

    Keys come from the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and
    AWS_ENDPOINT_URL_S3 for s3://, HF_TOKEN for hf://. Nothing is installed unasked, and the warehouse is not opened.
    """

    def list(self, address: str) -> list[tuple[str, str]]:
        """The files behind an address or glob, in order, each with its size and time of change.

        Raises:
            SeedError: it cannot be read, or the extension that reads it is not installed.
        """
        with _reading(address) as connection:
            # the content is a column that nobody asks for, so it is not read
            rows = connection.execute(
                "select filename, size, last_modified from read_blob($address) order by filename", {"address": address}
            ).fetchall()
        scheme = "file://" if address.startswith("file://") else ""
        return [(name if "://" in name else scheme + name, f"{size} {changed}") for name, size, changed in rows]

    def rows(self, address: str, columns: Sequence[str], batch: int = 32) -> Iterator[dict[str, Any] | bytes]:
        """The rows of a Parquet file, of these columns those it has, or the lines of a file of JSON lines.

        A line that is no JSON is given as nothing at all (b"null"), so that whoever reads it counts it.

        Raises:
            SeedError: it cannot be read; what came before was given.
        """
        with _reading(address) as connection:
            if address.lower().partition("?")[0].endswith((".parquet", ".pq")):
                found = connection.execute(
                    "select * from read_parquet($address) limit 0", {"address": address}
                ).description
                wanted = [column[0] for column in found if column[0] in set(columns)]
                if not wanted:
                    raise SeedError(f"{address}: none of the columns {', '.join(sorted(columns))} is in it")
                named = ", ".join(map(_identifier, wanted))
                cursor = connection.execute(f"select {named} from read_parquet($address)", {"address": address})
                while rows := cursor.fetchmany(batch):
                    yield from (dict(zip(wanted, row, strict=True)) for row in rows)
                return
            cursor = connection.execute(
                "select json from read_ndjson_objects($address, ignore_errors = true, maximum_object_size = $most)",
                {"address": address, "most": _MOST_LINE_BYTES},
            )
            while rows := cursor.fetchmany(batch):
                yield from (b"null" if line is None else line.encode("utf-8", "surrogatepass") for (line,) in rows)


_MOST_LINE_BYTES = 16 << 20


@contextmanager
def _reading(address: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can read an address; what DuckDB says of it is a SeedError."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "memory_limit": "512MB"})
    try:
        if not address.startswith("file://"):
            _load_httpfs(connection, address)
        yield connection
    except duckdb.Error as error:
        raise SeedError(f"{address}: {_first_line(error)}") from error
    finally:
        connection.close()


def _load_httpfs(connection: duckdb.DuckDBPyConnection, address: str) -> None:
    path = packaged_extension("httpfs")
    try:
        connection.execute(f"load {literal(str(path))}" if path else "load httpfs")
    except duckdb.Error as error:
        raise SeedError(
            f"{address}: DuckDB reads such addresses by its extension httpfs, which is not installed; get it once with "
            "`python -c \"import duckdb; duckdb.sql('install httpfs')\"`, or by `pip install 'synth-assets[lake]'`, or "
            "download the file and name its path"
        ) from error
    try:
        if address.startswith("s3://"):
            give_keys(connection, s3_secret(address))
        elif address.startswith("hf://") and (token := os.environ.get("HF_TOKEN")):
            give_keys(connection, f"create secret (type huggingface, token {literal(token)})")
    except ValueError as error:
        raise SeedError(f"{address}: the keys of AWS_* or HF_TOKEN cannot be used: {error}") from error


def give_keys(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Run a statement that holds keys.

    Raises:
        ValueError: it failed; the text is DuckDB's first line, and the error has no cause, because DuckDB shows the
            statement in the others.
    """
    try:
        connection.execute(statement)
    except duckdb.Error as error:
        raise ValueError(_first_line(error)) from None


def s3_secret(address: str) -> str:
    """The statement that tells DuckDB the keys of the environment, for this bucket alone."""
    given = {
        "key_id": os.environ.get("AWS_ACCESS_KEY_ID", ""),
        "secret": os.environ.get("AWS_SECRET_ACCESS_KEY", ""),
        "session_token": os.environ.get("AWS_SESSION_TOKEN", ""),
        "region": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        "scope": f"s3://{urlsplit(address).netloc}",
    }
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        where = urlsplit(endpoint)
        # a store of one's own is asked by path: names of buckets are no hosts there
        given |= {"endpoint": f"{where.netloc}{where.path}".rstrip("/"), "url_style": "path"}
        given["use_ssl"] = "true" if where.scheme == "https" else "false"
    values = ", ".join(f"{name} {literal(value)}" for name, value in given.items() if value)
    return f"create secret (type s3, {values})"


def note_open_since(connection: duckdb.DuckDBPyConnection) -> None:
    """Let the statements of a transaction know since when what is not finished was planned (see stages/settling.py).

    Work lists look no further back. That misses nothing, because no row is older than the plan that it follows: the
    statements that insert rows see to that, whatever a clock says.
    """
    for name in ("transforms/set_open_since", "transforms/set_rows_since"):
        connection.execute(_statement(connection, sql(name)))


def log_of(database: Path) -> Path:
    """The file beside a DuckDB database that holds what was committed and is not yet in it."""
    return database.with_name(f"{database.name}.wal")


def remove_database(database: Path) -> None:
    """Remove a database file that is nobody's any more, and its log."""
    for path in (database, log_of(database)):
        path.unlink(missing_ok=True)


def damage_of(database: Path) -> str:
    """What is wrong with a DuckDB file, every row of which is read; "" when nothing is.

    Nobody may have it open; the warehouse's own is looked at under `Warehouse.locked`.

    Raises:
        WarehouseBusy: another program has it open.
        WarehouseBroken: it was written by a DuckDB that this one cannot read.
    """
    try:
        connection = duckdb.connect(str(database), read_only=True)
        try:
            tables = connection.execute(
                "select schema_name, table_name from duckdb_tables() where not internal").fetchall()  # fmt: skip
            for schema, table in tables:  # blocks bear checksums, so that reading all columns is what finds damage
                name = f"{_identifier(schema)}.{_identifier(table)}"
                connection.execute(f"select bit_xor(hash(each)) from {name} as each").fetchone()
        finally:
            connection.close()
    except (duckdb.Error, OSError) as error:
        text = _first_line(error)
        if "lock on file" in text:
            raise WarehouseBusy(f"{database}: another program has it open: {text}. Close it first.") from error
        if "we can only read version" in text:
            raise WarehouseBroken(f"{database}: was written by another DuckDB: {text}") from error
        return text
    return "" if tables else "it holds no table"


def hash_text(text: str) -> str:
    """A short mark of a view's text, so that it is made again only when it changed."""
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]


def layout_in(connection: duckdb.DuckDBPyConnection) -> int:
    """The number of the layout; 0 in a database that has none yet."""
    try:
        (found,) = connection.execute("select max(version) from schema_version").fetchone() or (None,)
    except duckdb.CatalogException:
        return 0
    return found or 0


@contextmanager
def all_or_nothing(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """One transaction: what is done in the block is written, or, on any error, none of it."""
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        _roll_back(connection)
        raise


def _roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    try:
        connection.rollback()
    except duckdb.Error as error:  # the error that led here is the one to report; this one is only noted
        log.debug("rollback: %s", error)


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text())
        return f"process {holder['pid']} ({holder['purpose']}, since {holder['since']})"
    except (OSError, ValueError, KeyError):
        return "another process"


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _remedy(text: str) -> str:
    """What to do where the error is one of a damaged file."""
    damaged = any(word in text.lower() for word in ("corrupt", "checksum", "not a valid duckdb", "serialization error"))
    return "; `synth-assets repair` moves it aside and takes what is durable" if damaged else ""


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def literal(text: str) -> str:
    """A text as SQL writes it, for the statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def _identifier(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _now() -> datetime:
    return datetime.now(UTC)
