"""Shared numbers of the workers of a lake: one row a name in PostgreSQL, locked for every look and every change.

`lock` takes the row's lock and reads it, `unlock` writes and commits, one round trip each; several that are locked at
once (the purses of a call) are one transaction, so that n of them cost n + 1 round trips. No change waits for a disk.

Whoever takes part has a row among the numbers, with the number of its process (`synth_assets.lake.presence`): the rows
of those who died are taken out by the next who looks. Over a restart of the server all of it stays. What a crash of it
took is made anew: the first who comes back sets the head as the first who comes does, and everybody brings the own row.
A change of which no answer came is looked up by its transaction, and made again where it was not committed.

The time of all is the server's clock. A process asks for it once a minute and goes by its own clock in between.
"""

import itertools
import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from synth_assets.errors import WarehouseBroken
from synth_assets.lake.lock import CatalogUnreachable, first_line, who
from synth_assets.lake.presence import GRACE_S, RETRY_S, Presence
from synth_assets.models.shared_state import OnEnter, OnLeave, SharedNumbers

log = logging.getLogger("synth_assets.lake")

CLOCK_EVERY_S = 60.0
# A process that is stopped, or a machine that is gone, in the moment in which it holds a lock, keeps others this long.
_STUCK_S = 30

_serials = itertools.count(1)


class LakeNumbers(SharedNumbers):
    """Shared numbers in PostgreSQL. The arguments are those of `Numbers`; locks nest.

    Raises:
        CatalogUnreachable: PostgreSQL was away for longer than the warehouse is patient.
        WarehouseBroken: it refuses.
    """

    near = False

    def __init__(
        self, session: "NumbersSession", name: str, *, head: int, width: int, on_enter: OnEnter, on_leave: OnLeave
    ) -> None:
        self.name = name
        self.head = memoryview(bytearray(8 * head)).cast("d")
        self.row = memoryview(bytearray(8 * width)).cast("d")
        self._session = session
        self._serial = float(next(_serials))
        self._on_enter = on_enter
        self._on_leave = on_leave
        self._size = 2 + width  # a row: the number of its process, which of that process's it is, and what it says
        self._rows: list[memoryview] = []
        self._entered = self._closed = False
        self._found = self._wanted = (self.head.tobytes(), self.row.tobytes())
        with self.locked():
            pass  # takes the row

    def lock(self) -> None:
        self._session.lock(self)

    def unlock(self) -> None:
        self._session.unlock()

    def others(self) -> int:
        rows = [row for row in self._rows if not self._is_mine(row)]
        living = self._session.living() if rows else None
        alive = 0
        for row in rows:
            if living is None or int(row[0]) in living:
                alive += 1
            else:
                self._rows.remove(row)
                self._on_leave(self, row[2:])
        return alive

    def living_rows(self) -> Iterator[memoryview]:
        yield self.row
        yield from [row[2:] for row in self._rows if not self._is_mine(row)]

    def time(self, now: float) -> float:
        return now + self._session.clock_ahead

    def close(self) -> None:
        if self._closed:
            return
        try:
            with self.locked():
                self._closed = True
                self._on_leave(self, self.row)
        except WarehouseBroken as error:  # the row then goes with the process
            log.warning("leaving %s: %s", self.name, first_line(error))

    # --- for the session

    def read(self, head: bytes, rows: bytes) -> None:
        """Take over what the server has, nothing where it has lost it; the own row is brought where it is missing."""
        mine = self.row.tobytes()
        self.head[:] = memoryview(head or bytes(self.head.nbytes)).cast("d")
        numbers = memoryview(bytearray(rows)).cast("d")
        self._rows = [numbers[start : start + self._size] for start in range(0, len(numbers), self._size)]
        if not any(map(self._is_mine, self._rows)):
            self._session.allow_long()
            try:
                self._on_enter(self, not head or (not self._entered and self.others() == 0))
            except BaseException:
                self.row[:] = memoryview(mine).cast("d")
                raise
        self._found = (self.head.tobytes(), self.row.tobytes())

    def committed(self) -> None:
        """The server has it all."""
        self._entered = True

    def broken_off(self) -> None:
        """What was changed under the lock is lost: keep it for `read_again`."""
        self._wanted = (self.head.tobytes(), self.row.tobytes())

    def read_again(self, head: bytes, rows: bytes) -> None:
        """As `read`, and what was changed under a lock that broke off is changed in what the server has by now."""
        before_head, before_row = (memoryview(each).cast("d") for each in self._found)
        wanted_head, wanted_row = (memoryview(each).cast("d") for each in self._wanted)
        self.row[:] = before_row
        try:
            self.read(head, rows)
        except BaseException:
            self.head[:], self.row[:] = wanted_head, wanted_row
            raise
        for place, value in enumerate(wanted_head):
            self.head[place] += value - before_head[place]
        self.row[:] = wanted_row

    def written(self) -> tuple[bytes, bytes]:
        """Head and rows as the server shall have them."""
        rows = [row.tobytes() for row in self._rows if not self._is_mine(row)]
        if not self._closed:
            mine = memoryview(bytearray(16)).cast("d")
            mine[0], mine[1] = float(self._session.owner), self._serial
            rows.append(mine.tobytes() + self.row.tobytes())
        return self.head.tobytes(), b"".join(rows)

    def _is_mine(self, row: memoryview) -> bool:
        return row[1] == self._serial and row[0] == self._session.owner


class NumbersSession:
    """The connection by which this process looks at its numbers and changes them; one thread at a time.

    Attributes:
        clock_ahead: what the server's clock says more than this process's monotonic one, in seconds.
    """

    def __init__(self, presence: Presence) -> None:
        self.clock_ahead = 0.0
        self._presence = presence
        self._table = f"{presence.schema}.numbers"
        self._using = threading.RLock()
        self._connection: Any = None
        self._open: list[LakeNumbers] = []
        self._locks = 0
        self._reading = False
        self._begun = False
        self._transaction = 0
        self._sent = 0
        self._clock_at = -math.inf

    @property
    def owner(self) -> int:
        return self._presence.owner

    def lock(self, numbers: LakeNumbers) -> None:
        """Keep others out of these numbers as well, until `unlock` was called as often as this."""
        self._using.acquire()
        if numbers in self._open:
            self._locks += 1
            return
        try:
            self._patiently(lambda: self._join(numbers))
        except BaseException:
            if not self._locks:
                self._drop()
            self._using.release()
            raise
        self._open.append(numbers)
        self._locks += 1

    def unlock(self) -> None:
        """Write and commit, with the last of several."""
        try:
            self._locks -= 1
            if self._locks:
                return
            try:
                self._patiently(self._finish)
                for numbers in self._open:
                    numbers.committed()
            except BaseException:
                self._drop()
                raise
            finally:
                self._open.clear()
                self._sent = 0
        finally:
            self._using.release()

    def living(self) -> set[int] | None:
        """The numbers of the processes that live; None shortly after a start of the server, when all count as such."""
        query = (
            f"select array({self._presence.living}), "
            f"clock_timestamp() > pg_postmaster_start_time() + interval '{GRACE_S} s'"
        )
        # within a reading that is tried again as a whole, a failure is for that one
        ((found, known),) = self._ask(query) if self._reading else self._patiently(lambda: self._resumed(query))
        return set(found) if known else None

    def allow_long(self) -> None:
        """The first to come counts a journal under the lock: that is no process that got stuck."""
        self._ask("set local idle_in_transaction_session_timeout = 0")

    # --- one transaction

    def _join(self, numbers: LakeNumbers) -> None:
        self._resume()
        self._fetch(numbers, numbers.read)

    def _resumed(self, query: str) -> list[tuple[Any, ...]]:
        self._resume()
        return self._ask(query)

    def _finish(self) -> None:
        if not self._begun:
            if self._sent and self._is_committed():
                return
            self._resume()
        values: list[Any] = []
        for numbers in self._open:
            values += [*numbers.written(), numbers.name]
        self._sent = self._transaction
        self._ask(f"update {self._table} set head = %s, rows = %s where name = %s; " * len(self._open) + "commit",
                  tuple(values))  # fmt: skip
        self._begun = False

    def _resume(self) -> None:
        """Lock and read again what was locked when the connection broke, with the changes that were made."""
        if self._begun:
            return
        for numbers in self._open:
            self._fetch(numbers, numbers.read_again)

    def _fetch(self, numbers: LakeNumbers, read: Callable[[bytes, bytes], None]) -> None:
        query = f"select head, rows, txid_current() from {self._table} where name = %s for update"
        values: tuple[Any, ...] = (numbers.name,)
        rows = self._ask(query if self._begun else f"begin isolation level read committed; {query}", values)
        self._begun = True
        if not rows:
            self._ask(f"insert into {self._table} values (%s, '', '') on conflict do nothing", values)
            rows = self._ask(query, values)
        ((head, others, self._transaction),) = rows
        self._reading = True
        try:
            read(bytes(head), bytes(others))
        finally:
            self._reading = False

    def _is_committed(self) -> bool:
        """Whether the transaction of which no answer came was committed."""
        try:
            ((status,),) = self._ask("select txid_status(%s)", (self._sent,))
        except CatalogUnreachable:
            raise
        except WarehouseBroken:  # after a crash the server may not know the number any more
            return False
        if status == "in progress":
            raise CatalogUnreachable(f"{self._presence.place}: a transaction of before is under way still")
        return status == "committed"

    # --- the connection

    def _patiently(self, attempt: Callable[[], Any]) -> Any:
        started = time.monotonic()
        while True:
            try:
                if self._connection is None or self._connection.closed:
                    self._connect()
                elif not self._begun and time.monotonic() - self._clock_at > CLOCK_EVERY_S:
                    self._read_clock(1)
                return attempt()
            except CatalogUnreachable as error:
                self._drop()
                if time.monotonic() > started + self._presence.patience_s:
                    raise
                log.debug("numbers are asked for again: %s", first_line(error))
            time.sleep(RETRY_S)

    def _connect(self) -> None:
        self._presence.begin()  # whoever has a row lives
        self._connection = self._presence.connect()
        self._ask(
            "set synchronous_commit = off; "
            f"set idle_in_transaction_session_timeout = '{_STUCK_S}s'; "
            "select set_config('application_name', %s, false)",
            (f"{who()} counts",),
        )
        self._read_clock(3)

    def _read_clock(self, times: int) -> None:
        """How far ahead the server's clock is, by the quickest of some answers."""
        best = math.inf
        for _ in range(times):
            asked = time.monotonic()
            ((moment,),) = self._ask("select extract(epoch from clock_timestamp())::float8")
            answered = time.monotonic()
            if answered - asked < best:
                best = answered - asked
                self.clock_ahead = moment - (asked + answered) / 2
        self._clock_at = time.monotonic()

    def _ask(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        import psycopg2  # late: only a lake needs it

        try:
            with self._connection.cursor() as cursor:
                cursor.execute(query, values or None)
                return cursor.fetchall() if cursor.description else []
        except psycopg2.Error as error:
            raise self._presence.failed(error) from error

    def _drop(self) -> None:
        """Give the connection up; what it had locked is free, and what was changed is kept for another try."""
        if self._begun:
            for numbers in self._open:
                numbers.broken_off()
        self._begun = False
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):  # it may be gone already
                connection.close()


_sessions: dict[Presence, NumbersSession] = {}
_making = threading.Lock()


def numbers_session(presence: Presence) -> NumbersSession:
    """The one of this process in a lake."""
    with _making:
        if presence not in _sessions:
            _sessions[presence] = NumbersSession(presence)
        return _sessions[presence]
