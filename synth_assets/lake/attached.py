"""One lake as this process has it attached: a DuckDB in memory that knows the catalog, the data and the credentials."""

from contextlib import suppress
from pathlib import Path

import duckdb

from synth_assets.errors import WarehouseBroken
from synth_assets.extensions import packaged_extension
from synth_assets.lake.lock import CONNECTING, CatalogUnreachable, WriteLock, first_line, may_pass
from synth_assets.warehouse import give_keys, literal, s3_secret

DUCKDB_VERSION = "1.5.5"
INSTALL = "pip install 'synth-assets[lake]'"
# Measured: 200 rows take 60 to 100 ms as a file on S3, and 95 to 175 ms as rows in the catalog, so none stand there.
INLINED_ROWS = 0
MARKER = "synth-assets.parquet"
# Of the catalog's last snapshots, how many are searched for a commit of which no answer came.
_SEARCHED_SNAPSHOTS = 10_000


class AttachedLake:
    """A DuckDB with the lake attached as `lake`, and the lock of those who write.

    Raises:
        CatalogUnreachable: nobody answers at the catalog's address.
        WarehouseBroken: an extension is missing, the bucket is, or a credential is wrong; nothing was made.
    """

    def __init__(self, catalog: str, data: str, catalog_schema: str, place: str) -> None:
        self.lock = WriteLock(catalog, catalog_schema, place)
        self.lock.give_back(self.lock.connect())  # says what is wrong with the address in fewer words than an attach
        self._catalog = catalog
        self._schema = catalog_schema
        self._place = place
        self.database = duckdb.connect(
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        )
        self.database.execute("set global timezone = 'UTC'")
        self.database.execute("set enable_progress_bar = false")  # it would stand between the lines of --json
        on_s3 = data.startswith("s3://")
        for name in ("postgres_scanner", "ducklake", *(("httpfs",) if on_s3 else ())):
            self._load(name)
        try:
            if on_s3:
                self._tell_keys(data)
            self._try_data(data)
            self.database.execute(
                f"attach {literal(f'ducklake:postgres:{catalog} {CONNECTING}')} as lake "
                f"(data_path {literal(data)}, metadata_schema {literal(catalog_schema)}, "
                f"data_inlining_row_limit {INLINED_ROWS})"
            )
        except (duckdb.Error, OSError) as error:
            kind = CatalogUnreachable if passes(error) else WarehouseBroken
            raise kind(f"{place}: cannot be opened: {first_line(error)}") from error

    def attach_journal(self, schema: str) -> None:
        """Have the tables of calls in PostgreSQL as `journal`, to be read; they must be there."""
        try:
            self.database.execute(
                f"attach {literal(f'{self._catalog} {CONNECTING}')} as journal "
                f"(type postgres, read_only, schema {literal(schema)})"
            )
        except duckdb.Error as error:
            kind = CatalogUnreachable if passes(error) else WarehouseBroken
            raise kind(f"{self._place}: the journal of calls cannot be opened: {first_line(error)}") from error

    def session(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own, in the lake."""
        connection = self.database.cursor()
        connection.execute("use lake")
        return connection

    def has_committed(self, mark: str) -> bool:
        """Whether one of the last commits bears this mark: for a commit of which no answer came.

        It may be under way still, in a server that was slow to write: the lock on the table waits for its end.
        """
        changes = f"{self._quoted_schema}.ducklake_snapshot_changes"
        rows = self.lock.ask(
            f"lock table {changes} in share mode; select count(*) from {changes} where commit_extra_info = %s "
            f"and snapshot_id > (select max(snapshot_id) from {changes}) - %s",
            (mark, _SEARCHED_SNAPSHOTS),
        )
        return rows[0][0] > 0

    @property
    def _quoted_schema(self) -> str:
        """The catalog's schema as SQL writes it, since it cannot be a parameter."""
        return '"' + self._schema.replace('"', '""') + '"'

    def _load(self, name: str) -> None:
        path = packaged_extension(name)
        try:
            self.database.execute(f"load {literal(str(path))}" if path else f"load {name}")
        except duckdb.Error as error:
            raise WarehouseBroken(
                f"{self._place}: DuckDB's extension {name} cannot be loaded: {first_line(error)}. It comes with "
                f"{INSTALL}, for duckdb {DUCKDB_VERSION}; this is {duckdb.__version__}"
            ) from error

    def _tell_keys(self, data: str) -> None:
        try:
            give_keys(self.database, s3_secret(data))
        except ValueError as error:
            raise WarehouseBroken(f"{self._place}: the keys of AWS_* cannot be used: {error}") from error

    def _try_data(self, data: str) -> None:
        """Read the marker beside the data, or write it: a wrong bucket or key shows before anything is made.

        A folder that is not mounted here looks like an empty one, and rows written there would be this machine's alone.
        So where the catalog knows the lake, its marker must be there.
        """
        marker = literal(f"{data.rstrip('/')}/{MARKER}")
        listed = literal(f"{data.rstrip('/')}/{MARKER[:-1]}*")  # a name without a star is not looked for
        (found,) = self.database.execute(f"select count(*) from glob({listed})").fetchone() or (0,)
        if found:
            self.database.execute(f"select * from read_parquet({marker})").fetchall()
            return
        if self.lock.ask("select to_regclass(%s)", (f"{self._quoted_schema}.ducklake_metadata",))[0][0] is not None:
            raise WarehouseBroken(
                f"{self._place}: the catalog knows this lake, and {MARKER} is not at its data path: mount the folder "
                "that all workers share, or name the place that the lake was made with; nothing was written"
            )
        if not data.startswith("s3://"):
            Path(data).mkdir(parents=True, exist_ok=True)
        self.database.execute(f"copy (select 'rows of a synth-assets lake' as beside) to {marker}")


def end_session(session: duckdb.DuckDBPyConnection) -> None:
    """Close a session, whatever state it is in.

    DuckDB ends the process where it has to roll back while it closes and the catalog is away (seen with 1.5.5:
    `terminate called ... Failed to execute query "ROLLBACK"`). Asked to roll back before, it raises an error.
    """
    with suppress(duckdb.Error):  # nothing was begun, or nobody is there to be told
        session.rollback()
    with suppress(duckdb.Error):
        session.close()


def passes(error: BaseException) -> bool:
    """Whether trying again may help: a conflict with others, or a server that is away."""
    if isinstance(error, CatalogUnreachable):
        return True
    if isinstance(error, duckdb.HTTPException):
        status = getattr(error, "status_code", 0)
        return status in (0, 408, 429) or status >= 500
    if isinstance(error, duckdb.TransactionException) and "conflict" in str(error).lower():
        return True
    return isinstance(error, duckdb.Error) and may_pass(str(error))
