"""One transaction of a lake, which keeps what it did so that all of it can be done again.

Under the writers' lock conflicts come from strangers alone (a compaction, a person's own session), and servers are
restarted. A `with` block cannot be run again, but what it did to the lake can: every statement, in its order. It is
committed where everything that was read says again what it said; then the block, which has gone on meanwhile, would
have done the same. Where something else is read, nothing is written, and the caller is told to try again.
"""

import hashlib
import logging
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from synth_assets.errors import BrokenOff, WarehouseBroken, WarehouseBusy
from synth_assets.lake.attached import AttachedLake, end_session, passes
from synth_assets.lake.lock import CatalogUnreachable, HeldLock, first_line, may_pass, who
from synth_assets.sharing.locks import check_held
from synth_assets.warehouse import RowSums, Transaction, literal, note_open_since, sql

log = logging.getLogger("synth_assets.lake")

_LONGEST_PAUSE_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a transaction needs of its warehouse.

    Attributes:
        attached: gives the lake; handed one that does not answer any more, it gives another.
        examine: looks at a session that has just begun, and raises where it must not be used.
        begin_with_calls: begins a transaction of a session that sees the calls of this moment as `model_calls`.
    """

    place: str
    patience_s: float
    attached: Callable[[AttachedLake | None], AttachedLake]
    examine: Callable[[duckdb.DuckDBPyConnection], None]
    begin_with_calls: Callable[[duckdb.DuckDBPyConnection], None]


class LakeTransaction(Transaction):
    """What may be done inside one transaction of the lake. Without a lock it only reads."""

    def __init__(self, reach: Reach, purpose: str, lock: HeldLock | None) -> None:
        self._reach = reach
        self._purpose = purpose
        self._lock = lock
        self._lake = reach.attached(None)
        self._inner: Transaction | None = None
        self._done: list[tuple[Callable[[Transaction], Any], bytes]] = []
        self._mark = uuid.uuid4().hex
        self._patient_until = 0.0
        self._wrote = False
        self._repeatable = True
        self._sees_calls = False
        self._is_limited = False
        self._is_refused = False

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:  # type: ignore[override]
        """The session itself. What is done with it is not known here and cannot be done again."""
        self._see_calls()
        self._repeatable = False
        return self._session().connection

    def limit_memory(self, size: str) -> None:
        # it reads and writes nothing of the lake, so that all can be done again
        self._is_limited = True
        self._do_of_table(lambda inner: inner.limit_memory(size), "")

    def rows(self, name: str, /, **params: Any) -> list[dict[str, Any]]:
        return self._do(lambda inner: inner.rows(name, **params), name)

    def rows_of(self, text: str, /, **params: Any) -> list[dict[str, Any]]:
        return self._do_of_table(lambda inner: inner.rows_of(text, **params), text)

    def frame(self, name: str, /, **params: Any) -> pl.DataFrame:
        return self._do(lambda inner: inner.frame(name, **params), name)

    def execute(self, name: str, /, **params: Any) -> int:
        self._will_write()
        return self._do(lambda inner: inner.execute(name, **params), name)

    def note(self, name: str, /, **params: Any) -> None:
        self._do(lambda inner: inner.note(name, **params), name)

    def side_by_side(self, *readings: Callable[[Transaction], Any]) -> list[Any]:
        # one after the other: a second session would see the lake as it is at another moment
        return [reading(self) for reading in readings]

    def insert(self, table: str, rows: list[dict[str, Any]]) -> int:
        if not rows:
            return 0
        self._will_write()
        return self._do(lambda inner: inner.insert(table, rows), f"transforms/insert_{table}")

    def insert_batches(self, table: str, batches: Callable[[frozenset[str]], Any]) -> int:
        self._will_write()
        return self._do_of_table(lambda inner: inner.insert_batches(table, batches), table)

    def sum_rows(self, table: str) -> RowSums:
        return self._do_of_table(lambda inner: inner.sum_rows(table), table)

    def row_hashes(self, table: str) -> pl.DataFrame:
        return self._do_of_table(lambda inner: inner.row_hashes(table), table)

    def count_strange(self, table: str, there: pl.DataFrame) -> int:
        return self._do_of_table(lambda inner: inner.count_strange(table, there), table)

    def append(self, table: str, rows: pl.DataFrame) -> int:
        self._will_write()
        return self._do_of_table(lambda inner: inner.append(table, rows), table)

    def rows_not_there(self, table: str, there: pl.DataFrame, size: int) -> Iterator[pl.DataFrame]:
        """As in the other warehouse; what breaks off in its midst is not read again from the start.

        Raises:
            BrokenOff: it broke off.
        """
        try:
            yield from super().rows_not_there(table, there, size)
        except duckdb.Error as error:
            raise BrokenOff(
                f"{self._reach.place}: {self._purpose} was broken off: {first_line(error)}. Try again."
            ) from error

    def begin(self) -> None:
        """Begin, so that what is wrong with the lake shows before anything is done."""
        self._tried(self._session)

    def finish(self) -> None:
        """Commit, again where others or a restart prevented it, for as long as the warehouse is patient.

        Raises:
            WarehouseBusy: patience ended; nothing is written.
            BrokenOff: what was read has changed; nothing is written.
            WarehouseBroken: the lake refuses it for good; nothing is written.
        """
        if self._lock is None or (not self._wrote and self._repeatable):
            return
        self._tried(self._commit, committing=True)

    def close(self) -> None:
        """End it; what is not committed is as if it had not been."""
        inner, self._inner = self._inner, None
        if inner is not None:
            if self._is_limited:  # DuckDB keeps it for all sessions of the process, which outlive this one
                with suppress(duckdb.Error):  # nothing was begun, or nobody is there to be told
                    inner.connection.rollback()
                with suppress(duckdb.Error):
                    inner.connection.execute("reset memory_limit")
            end_session(inner.connection)

    # --- done, and done again

    def _do(self, operation: Callable[[Transaction], Any], name: str) -> Any:
        return self._do_of_table(operation, sql(name))

    def _do_of_table(self, operation: Callable[[Transaction], Any], text: str) -> Any:
        if "model_calls" in text:
            self._see_calls()
        result = self._tried(lambda: operation(self._session()))
        if self._repeatable:
            self._done.append((operation, _digest(result)))
        return result

    def _tried(self, attempt: Callable[[], Any], *, committing: bool = False) -> Any:
        """The result of `attempt`; where it fails and trying again may help, all before it is done again first."""
        pause = 0.05
        repeat = False
        while True:
            try:
                if repeat:
                    if committing and self._lake.has_committed(self._mark):
                        return None
                    self._repeat()
                return attempt()
            except (duckdb.Error, CatalogUnreachable) as error:
                if committing and not self._repeatable and passes(error) and self._was_committed(error):
                    return None
                self._examine(error)
                self.close()
                log.warning("%s is done again: %s", self._purpose, first_line(error))
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_S)
                repeat = True
                gone = error
            if isinstance(gone, CatalogUnreachable) or may_pass(str(gone)):
                self._reach_again()

    def _examine(self, error: Exception) -> None:
        """Raise where trying again would not help."""
        where = f"{self._reach.place}: {self._purpose}"
        text = first_line(error)
        if self._is_refused or not passes(error):
            self._is_refused = True  # what comes after a statement that failed for good must not get through without it
            # a row that a table refuses stays DuckDB's own error, as in the other warehouse
            if isinstance(error, (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException)):
                raise WarehouseBroken(f"{where} failed, nothing of it was written: {text}") from error
            raise error
        if not self._repeatable:
            raise BrokenOff(f"{where} was broken off, nothing of it was written: {text}. Try again.") from error
        moment = time.monotonic()
        self._patient_until = self._patient_until or moment + self._reach.patience_s
        if moment > self._patient_until:
            patience_s = self._reach.patience_s
            raise WarehouseBusy(f"{where} was tried for {patience_s:.0f} s and is not written: {text}") from error

    def _was_committed(self, error: Exception) -> bool:
        """Whether what cannot be done again was committed, although no answer came.

        Raises:
            WarehouseBusy: nobody can be asked for as long as the warehouse is patient.
        """
        until = time.monotonic() + self._reach.patience_s
        while True:
            try:
                return self._lake.has_committed(self._mark)
            except CatalogUnreachable as away:
                if time.monotonic() > until:
                    raise WarehouseBusy(
                        f"{self._reach.place}: {self._purpose} was broken off while it was committed, and whether it "
                        f"is written is not known: {first_line(error)}. Look before you try again."
                    ) from away
            time.sleep(_LONGEST_PAUSE_S / 10)

    def _reach_again(self) -> None:
        """A lake that answers, and the lock again; a failure is found by the next attempt."""
        with suppress(CatalogUnreachable):
            self._lake = self._reach.attached(self._lake)
            if self._lock is not None:
                self._lock.renew(max(0.1, self._patient_until - time.monotonic()))

    def _repeat(self) -> None:
        if self._lock is not None:
            self._lock.check()
        inner = self._session()
        for operation, digest in self._done:
            if _digest(operation(inner)) != digest:
                raise BrokenOff(
                    f"{self._reach.place}: {self._purpose} was broken off, and what it had read has changed since; "
                    "nothing of it was written. Try again."
                )

    def _commit(self) -> None:
        if self._lock is not None:
            self._lock.check()
        check_held()
        connection = self._session().connection
        if self._wrote or not self._repeatable:
            connection.execute(
                f"call lake.set_commit_message({literal(who())}, {literal(self._purpose)}, "
                f"extra_info => {literal(self._mark)})"
            )
        connection.commit()

    def _session(self) -> Transaction:
        if self._inner is None:
            connection = self._lake.session()
            try:
                if self._sees_calls:
                    self._reach.begin_with_calls(connection)
                else:
                    connection.begin()
                self._reach.examine(connection)
                note_open_since(connection)
            except BaseException:
                end_session(connection)
                raise
            self._inner = Transaction(connection)
        return self._inner

    def _will_write(self) -> None:
        if self._lock is None:
            raise RuntimeError(f"{self._purpose}: nothing is written where only reading was asked for")
        self._wrote = True

    def _see_calls(self) -> None:
        """Have the view of the calls, in a session that begins anew: see `synth_assets.lake.calls.begin_with_calls`."""
        if not self._sees_calls:
            self._sees_calls = True
            self.close()
            self._tried(self._repeat)


def _digest(result: Any) -> bytes:
    """A short mark of what a statement gave, by which it is known again: its rows in any order, since files are read
    side by side, and those that a compaction merged are others."""
    if isinstance(result, pl.DataFrame):
        result = sorted(result.hash_rows().to_list())
    elif isinstance(result, list):
        result = sorted(map(repr, result))
    return hashlib.blake2b(repr(result).encode(), digest_size=16).digest()
