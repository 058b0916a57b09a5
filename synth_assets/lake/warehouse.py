"""The other warehouse: DuckLake, its catalog in PostgreSQL, its rows as Parquet on S3 or in a shared folder.

It is chosen by SYNTH_ASSETS_WAREHOUSE ("ducklake:postgres:host=... dbname=...") and SYNTH_ASSETS_WAREHOUSE_DATA
("s3://bucket/prefix" or a folder); credentials come from the environment alone (PGPASSWORD or ~/.pgpass, AWS_*).
Whoever is handed a `Warehouse` does not notice which one it is: the same statements of sql/ run on both.
"""

import os
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import duckdb
from pydantic import Field

from synth_assets.calls.log import CallLog
from synth_assets.errors import WarehouseBroken
from synth_assets.home import Home, project_file
from synth_assets.lake.attached import AttachedLake, end_session, passes
from synth_assets.lake.blobs import blobs_of
from synth_assets.lake.calls import LakeCalls, begin_with_calls
from synth_assets.lake.journal import LakeJournal
from synth_assets.lake.lock import CatalogUnreachable, first_line
from synth_assets.lake.locks import locks_in
from synth_assets.lake.numbers import LakeNumbers, numbers_session
from synth_assets.lake.presence import Presence, presence_in
from synth_assets.lake.transaction import LakeTransaction, Reach
from synth_assets.models.shared_state import OnEnter, OnLeave, SharedNumbers
from synth_assets.sharing.blobs import Blobs
from synth_assets.sharing.locks import Locks
from synth_assets.warehouse import (
    SCHEMA_VERSION,
    Transaction,
    Warehouse,
    all_or_nothing,
    hash_text,
    layout_in,
    literal,
    sql,
    table_names,
)

SETTING = "SYNTH_ASSETS_WAREHOUSE"
DATA_SETTING = "SYNTH_ASSETS_WAREHOUSE_DATA"
SCHEMA_SETTING = "SYNTH_ASSETS_WAREHOUSE_SCHEMA"
PREFIX = "ducklake:postgres:"
CALLS_TABLE = "call_segments"
# Who looks up a few candidates reads a group of rows of each file: the smallest that DuckDB knows.
CALLS_OPTIONS = {"parquet_row_group_size": "2048", "parquet_compression": "zstd"}
# Of a row that says nothing, by type; that of a number is 0 and that of a list is empty.
FIRST_VALUES = {
    "VARCHAR": "''", "JSON": "'null'", "BLOB": "''::blob", "BOOLEAN": "false",
    "TIMESTAMP WITH TIME ZONE": "'epoch'::timestamptz",
}  # fmt: skip
CREDENTIALS = (
    "PGPASSWORD", "PGPASSFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
    "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION",
)  # fmt: skip

# Attaching takes half a second, so that a process does it once; sessions of their own are cheap.
_attached: dict[tuple[Any, ...], AttachedLake] = {}
_attaching = threading.Lock()
_open = threading.local()


def warehouse_of(home: Home) -> Warehouse:
    """The warehouse of a home: the lake where the environment names one, else the file in the home.

    Raises:
        WarehouseBroken: the setting cannot be used.
    """
    setting = os.environ.get(SETTING, "")
    if not setting:
        return Warehouse(database=str(home.database), calls_folder=str(home.calls))
    if not setting.startswith(PREFIX):
        raise WarehouseBroken(f"{SETTING}: begins with {PREFIX!r}, or is left out for the file in the home")
    catalog = setting.removeprefix(PREFIX)
    if "password" in catalog.lower():
        raise WarehouseBroken(f"{SETTING} holds a password, and logs would; give it as PGPASSWORD or in ~/.pgpass")
    if "://" in catalog:  # which may hold a password as well
        raise WarehouseBroken(
            f"{SETTING}: name the catalog by key=value pairs (host=... dbname=... user=...), not by a URI"
        )
    data = os.environ.get(DATA_SETTING, "")
    if not data:
        raise WarehouseBroken(f"{DATA_SETTING} is not set: s3://bucket/prefix, or a folder that all workers share")
    return LakeWarehouse(
        database=str(home.database),
        calls_folder=str(home.calls),
        catalog=catalog,
        data=data,
        catalog_schema=os.environ.get(SCHEMA_SETTING) or "synth_assets",
    )


class LakeWarehouse(Warehouse):
    """A warehouse in DuckLake. `database` is the file of the home whose place this takes; it is never made."""

    catalog: str = Field(description="Where PostgreSQL is, as libpq reads it (host=... dbname=...); no password.")
    data: str = Field(description="Where the rows are: s3://bucket/prefix, or a folder that all workers share.")
    catalog_schema: str = Field(default="synth_assets", description="Schema of the catalog in its database.")

    @property
    def place(self) -> str:
        """What errors call it."""
        return f"lake {self.data} (catalog {self.catalog}, {self.catalog_schema})"

    @property
    def locks(self) -> Locks:
        """Locks by name for all workers of this lake; they end with their process, however it ends.

        Raises:
            WarehouseBroken: PostgreSQL cannot be used.
        """
        return locks_in(self._presence())

    def open_calls(self, run_id: str) -> CallLog:
        """The record of calls of all workers of this lake. The caller closes it.

        Batches that were given to providers stay with the worker that gave them: only it collects them.

        Raises:
            WarehouseBroken: PostgreSQL or the lake cannot be used.
        """
        return LakeCalls(
            run_id,
            folder=self._folder_of_calls,
            journal=self._journal(self._lake(None)),
            attached=self._lake,
            transaction=self.transaction,
            place=self.place,
            patience_s=self.patience_s,
        )

    def unlike_ddl(self) -> list[dict[str, str]]:
        """As in the other warehouse; the table that only a lake has is not compared."""
        return [each for each in super().unlike_ddl() if each["table"] != CALLS_TABLE]

    def _journal(self, lake: AttachedLake) -> LakeJournal:
        return LakeJournal(lake.lock, self.catalog_schema, self.patience_s)

    @property
    def blobs(self) -> Blobs:
        """The files that all workers of this lake have in common, beside its data."""
        return blobs_of(self.data, self.catalog_schema, self.patience_s)

    @contextmanager
    def transaction(self, purpose: str) -> Iterator[Transaction]:
        """One short transaction under the writers' lock: all of it is written, or, on any error, none of it.

        Raises:
            WarehouseBusy: somebody else held the lock longer than `patience_s`, servers were away that long, or what
                was read changed while they were.
            WarehouseBroken: the lake cannot be used; the text says why.
        """
        with self._carried(purpose, writes=True) as open_:
            yield open_

    @contextmanager
    def reading(self, purpose: str, *, by_place: bool = False) -> Iterator[Transaction]:
        """The lake as it is at one moment. Nothing can be written, and nobody waits for anybody.

        Args:
            by_place: of no consequence here.
        """
        with self._carried(purpose, writes=False) as open_:
            yield open_

    def publish_snapshot(self, target: Path, *, not_within_s: float = 0.0) -> bool:
        """None is needed, and none is made: people's own tools disturb nobody in a lake."""
        return False

    def compact(self) -> tuple[int, int]:
        """Merge the small files of every table; the bytes of all tables' files before and after.

        What was replaced stays for those who read it, and is removed by a compaction a day later.

        Raises:
            WarehouseBusy: somebody else kept the lock longer than `patience_s`.
            WarehouseBroken: it failed; the lake is as it was.
        """
        purpose = "compacting the lake"
        lake = self._lake(None)
        session = lake.session()
        try:
            with lake.lock.held(purpose, self.patience_s):
                before = _bytes_of(session)
                session.execute("call ducklake_merge_adjacent_files('lake')").fetchall()
                session.execute(
                    "call ducklake_cleanup_old_files('lake', older_than => now() - interval 1 day)"
                ).fetchall()
                return before, _bytes_of(session)
        except duckdb.Error as error:
            raise WarehouseBroken(f"{self.place}: {purpose} failed: {first_line(error)}") from error
        finally:
            end_session(session)

    @property
    def own_backups(self) -> str:
        """How it is backed up: by those who keep PostgreSQL and the data, in this order."""
        return (
            f"PostgreSQL and the data have backups of their own. First the catalog: `pg_dump '{self.catalog}' "
            f"--schema={self.catalog_schema} --schema={self.catalog_schema}_shared`; then a copy of {self.data}: its "
            "files never change, so that it has all that the catalog names. Or all of it as one file: `synth-assets "
            "migrate --to file`"
        )

    def facts(self) -> dict[str, str]:
        """What can be said of it after trying it: it was read, and a file was written beside its data and removed.

        Raises:
            WarehouseBusy, WarehouseBroken: it cannot be used; the text says why.
        """
        lake = self._lake(None)
        ((server,),) = lake.lock.ask("show server_version", ())
        tried = f"doctor/{uuid.uuid4().hex}"
        self.blobs.write(tried, b"")
        self.blobs.remove(tried)
        with self.reading("looking at the lake") as open_:
            samples = open_.rows("audit/count_samples", exercise=None, language=None)[0]["rows"]
            (extension,) = open_.connection.execute(
                "select extension_version from duckdb_extensions() where extension_name = 'ducklake'"
            ).fetchone() or ("",)
        return {
            "warehouse": f"{self.place}, {samples} samples",
            "lake's catalog": f"PostgreSQL {server} answers; layout {SCHEMA_VERSION}, as this package has it",
            "lake's data": f"{self.data} can be read and written",
            "lake's engine": f"duckdb {duckdb.__version__}, ducklake {extension}",
        }

    def layout(self) -> int:
        """The number of the layout that the lake has; 0 where there is none. No table is made or changed.

        Raises:
            WarehouseBroken: the lake cannot be reached.
        """
        session = AttachedLake(self.catalog, self.data, self.catalog_schema, self.place).session()
        try:
            return layout_in(session)
        except duckdb.Error as error:
            raise WarehouseBroken(f"{self.place}: its layout cannot be read: {first_line(error)}") from error
        finally:
            end_session(session)

    def bytes_by_table(self) -> dict[str, int]:
        """What the files of each table take, those that were replaced not counted."""
        with self.reading("measuring the tables") as open_:
            found = open_.connection.execute("select table_name, file_size_bytes from ducklake_table_info('lake')")
            return dict(found.fetchall())

    @contextmanager
    def _carried(self, purpose: str, *, writes: bool) -> Iterator[Transaction]:
        if getattr(_open, "purpose", None):
            raise RuntimeError(f"{purpose}: a transaction is open already in this thread ({_open.purpose})")
        _open.purpose = purpose
        try:
            lake = self._lake(None)
            with lake.lock.held(purpose, self.patience_s) if writes else nullcontext() as lock:
                open_ = LakeTransaction(self._reach(), purpose, lock)
                try:
                    open_.begin()
                    yield open_
                    open_.finish()
                finally:
                    open_.close()
        finally:
            _open.purpose = None

    def numbers(
        self, name: str, *, head: int, width: int, on_enter: OnEnter, on_leave: OnLeave, of_machine: bool = False
    ) -> SharedNumbers:
        """Numbers that all workers of this lake share, as `synth_assets.models.shared_state.Numbers` says.

        Args:
            of_machine: of no consequence here: the workers' machines are one.
        """
        session = numbers_session(self._presence())
        return LakeNumbers(session, name, head=head, width=width, on_enter=on_enter, on_leave=on_leave)

    def _presence(self) -> Presence:
        """This process as the other workers of this lake see it."""
        return presence_in(self.catalog, self.catalog_schema, self.place, self.patience_s)

    def _reach(self) -> Reach:
        return Reach(
            place=self.place,
            patience_s=self.patience_s,
            attached=self._lake,
            examine=lambda session: self._refuse_newer(layout_in(session)),
            begin_with_calls=begin_with_calls,
        )

    def _lake(self, gone: AttachedLake | None) -> AttachedLake:
        """The lake as this process has it attached; another one in the place of `gone`."""
        credentials = (os.environ.get(name) for name in CREDENTIALS)
        key = (os.getpid(), self.catalog, self.data, self.catalog_schema, *credentials)
        with _attaching:
            lake = _attached.get(key)
            if lake is None or lake is gone:
                lake = AttachedLake(self.catalog, self.data, self.catalog_schema, self.place)
                self._make_ready(lake)
                journal = self._journal(lake)
                journal.make_tables()
                lake.attach_journal(journal.name)
                _attached[key] = lake
        return lake

    def _make_ready(self, lake: AttachedLake) -> None:
        """Bring tables and views about, and the layout up to this package's; a second time does nothing."""
        try:
            session = lake.session()
            try:
                self._bring_about(lake, session)
            finally:
                end_session(session)
        except duckdb.Error as error:
            kind = CatalogUnreachable if passes(error) else WarehouseBroken
            raise kind(f"{self.place}: cannot be made ready: {first_line(error)}") from error

    def _bring_about(self, lake: AttachedLake, session: duckdb.DuckDBPyConnection) -> None:
        if layout_in(session) == SCHEMA_VERSION and self._is_complete(session):
            return
        with lake.lock.held("making tables", self.patience_s):
            self._refuse_newer(layout_in(session))
            self._make_tables(session)
            for option, value in CALLS_OPTIONS.items():  # of a table that is committed
                of_table = f"{literal(option)}, {literal(value)}, table_name => {literal(CALLS_TABLE)}"
                session.execute(f"call lake.set_option({of_table})")
            self._lay_out(session)

    def _make_tables(self, session: duckdb.DuckDBPyConnection) -> None:
        """Make the tables that are missing, each with a row that `_lay_out` takes away again.

        DuckLake keeps in memory what the catalog says of a table's rows, but not that it says nothing: of a table that
        never had a row it asks again several times a statement. Most queries to the catalog were for this. Until the
        number of the layout is written nobody reads these tables, so that nobody sees the rows.
        """
        stated = {CALLS_TABLE: sql("lake/call_segments"), **{name: sql(f"tables/{name}") for name in table_names()}}
        with all_or_nothing(session):
            for table in sorted(stated.keys() - _tables_in(session)):
                session.execute(stated[table])
                if table != "schema_version":
                    session.execute(_with_first_row(table, _required(session, table)))

    def _lay_out(self, session: duckdb.DuckDBPyConnection) -> None:
        """Each layout by itself, as in a file; what is killed goes on at the layout it had come to."""
        made = "insert into schema_version values ($version, now())"
        with all_or_nothing(session):
            found = layout_in(session)
            self._refuse_newer(found)
            for table in {CALLS_TABLE, *table_names()} - {"schema_version"}:
                text = sql("lake/without_first_row").replace("{mark}", _marked(_required(session, table)))
                session.execute(text.replace("{table}", table))
            if not found:
                session.execute(made, {"version": SCHEMA_VERSION})
        for version in range(found + 1, SCHEMA_VERSION + 1) if found else ():
            with all_or_nothing(session):
                for path in sorted((project_file("sql") / "migrations").glob(f"{version}_*.sql")):
                    session.execute(sql(f"migrations/{path.stem}"))
                session.execute(made, {"version": version})
        with all_or_nothing(session):
            for name, text in self._shared_views().items():
                session.execute(text)
                session.execute(f"comment on view {name} is {literal(hash_text(text))}")

    def _refuse_newer(self, found: int) -> None:
        if found > SCHEMA_VERSION:
            raise WarehouseBroken(
                f"{self.place}: was written by a newer synth-assets (layout {found}, this one knows {SCHEMA_VERSION}); "
                "upgrade the package here"
            )

    def _shared_views(self) -> dict[str, str]:
        """The views that stand in the lake; that of the calls, of which a part stands elsewhere, each session makes."""
        return {name: text for name, text in self._views().items() if name != "model_calls"}

    def _model_calls(self) -> str:
        return sql("lake/model_calls")

    def _is_complete(self, session: duckdb.DuckDBPyConnection) -> bool:
        views = session.execute("select view_name, comment from duckdb_views() where database_name = 'lake'").fetchall()
        marks = {name: hash_text(text) for name, text in self._shared_views().items()}
        stated = {*table_names(), CALLS_TABLE}
        return _tables_in(session) >= stated and dict(views).items() >= marks.items()


def _tables_in(session: duckdb.DuckDBPyConnection) -> set[str]:
    found = session.execute("select table_name from duckdb_tables() where database_name = 'lake'").fetchall()
    return {name for (name,) in found}


def _required(session: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The types of the columns of a table that are never null, by name, in their order."""
    found = session.execute(f"describe {table}").fetchall()
    return {name: kind for name, kind, nullable, *_ in found if nullable == "NO"}


def _marked(required: Mapping[str, str]) -> str:
    """The first text among them, which no row but the first leaves empty."""
    return next(name for name, kind in required.items() if kind == "VARCHAR")


def _with_first_row(table: str, required: Mapping[str, str]) -> str:
    values = {name: FIRST_VALUES.get(kind, "[]" if kind.endswith("[]") else "0") for name, kind in required.items()}
    selected = ", ".join(f'{value} as "{name}"' for name, value in values.items())
    return sql("lake/first_row").replace("{table}", table).replace("{values}", selected)


def _bytes_of(session: duckdb.DuckDBPyConnection) -> int:
    found = session.execute("select coalesce(sum(file_size_bytes), 0) from ducklake_table_info('lake')").fetchone()
    return int(found[0]) if found else 0
