"""The lock that writers of a lake hold, in PostgreSQL: who dies lets it go, and who came first goes in first.

It is held for the length of one transaction that writes, over all cells: DuckLake lets two transactions that insert
commit side by side, so that of two that look whether a key is there and then insert it, both would succeed (tried:
the key then stands twice, and no conflict is reported).

One lock over all cells bounds how often is written, not how much: who waits collects rows meanwhile. Measured with 4
processes x 20 writes to two tables each, clients and servers together on two cores that others kept busy: none fails,
4 writes a second, 0.6 s waited at the median, 1.1 s at most.
"""

import hashlib
import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from synth_assets.errors import WarehouseBroken, WarehouseBusy

log = logging.getLogger("synth_assets.lake")

SLOW_WAIT_S = 3.0
# The first of the two numbers of an advisory lock: this package's; the second is the lake's.
_SPACE = 0x5A55E75
# A host that is gone without a word is given up after half a minute, not after the system's two hours: by who waits for
# an answer (keepalives), and by who has sent something that nobody acknowledges (tcp_user_timeout, in which time
# keepalives do not run).
CONNECTING = (
    "connect_timeout=10 keepalives=1 keepalives_idle=10 keepalives_interval=5 keepalives_count=4 tcp_user_timeout=30000"
)
# The same of the server, so that it lets go of what a worker held that is gone.
_SERVER_SIDE = (
    "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4 -c tcp_user_timeout=30000"
)


class CatalogUnreachable(WarehouseBroken):
    """Nobody answers at the catalog's address, or the connection to it broke: this may pass."""


class WriteLock:
    """The lock of one lake. Connections that hold none are kept for the next who writes."""

    def __init__(self, catalog: str, catalog_schema: str, place: str) -> None:
        self._catalog = catalog
        self._number = int.from_bytes(hashlib.sha256(catalog_schema.encode()).digest()[:4], signed=True)
        self._place = place
        self._idle: list[Any] = []
        self.reached = False

    @contextmanager
    def held(self, purpose: str, patience_s: float) -> Iterator["HeldLock"]:
        """Hold it for as long as the block runs.

        Raises:
            WarehouseBusy: somebody else held it longer than `patience_s`; the text names them.
            CatalogUnreachable: PostgreSQL does not answer.
        """
        held = HeldLock(self, purpose)
        held.take(patience_s)
        try:
            yield held
        finally:
            held.give_back()

    def connect(self) -> Any:
        """A connection of its own, or one that somebody gave back."""
        import psycopg2  # late: only a lake needs it

        while self._idle:
            with suppress(IndexError):
                connection = self._idle.pop()
                if not connection.closed and _answers(connection):
                    return connection
                connection.close()
        try:
            connection = psycopg2.connect(f"{self._catalog} {CONNECTING}", options=_SERVER_SIDE)
        except psycopg2.Error as error:
            raise self.failed(error) from error
        connection.autocommit = True
        self.reached = True
        return connection

    def give_back(self, connection: Any) -> None:
        """Keep a connection that holds nothing."""
        self._idle.append(connection)

    def ask(self, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """The rows of a query of the catalog's database, beside everything that the lake does.

        Raises:
            CatalogUnreachable: PostgreSQL does not answer.
        """
        import psycopg2

        connection = self.connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                rows = cursor.fetchall()
        except psycopg2.Error as error:
            connection.close()
            raise self.failed(error) from error
        self.give_back(connection)
        return rows

    def failed(self, error: Exception) -> WarehouseBroken:
        """What a person is told of an error of PostgreSQL."""
        text = first_line(error)
        kind = CatalogUnreachable if may_pass(str(error)) else WarehouseBroken
        hint = "" if kind is CatalogUnreachable else " (PGPASSWORD or ~/.pgpass holds the password)"
        return kind(f"{self._place}: the catalog cannot be reached: {text}{hint}")

    def holder(self, connection: Any) -> str:
        """Who holds it, in words."""
        with connection.cursor() as cursor:
            cursor.execute(
                "select a.application_name, a.client_addr, to_char(a.query_start, 'HH24:MI:SS') from pg_locks as l "
                "join pg_stat_activity as a using (pid) where l.locktype = 'advisory' and l.granted "
                "and l.classid::bigint = %s and l.objid::bigint = %s",
                (_SPACE, self._number % 2**32),
            )
            found = cursor.fetchone()
        return f"{found[0]} from {found[1] or 'this machine'}, since {found[2]}" if found else "somebody"

    @property
    def numbers(self) -> tuple[int, int]:
        return _SPACE, self._number

    @property
    def place(self) -> str:
        return self._place


class HeldLock:
    """The lock while it is held, over the loss of the connection that holds it."""

    def __init__(self, lock: WriteLock, purpose: str) -> None:
        self._lock = lock
        self._purpose = purpose
        self._connection: Any = None

    def take(self, patience_s: float) -> None:
        """Wait for it, and say after some seconds for whom; over a restart of PostgreSQL that was reached before."""
        started = time.monotonic()
        while True:
            try:
                return self._take(started, patience_s)
            except CatalogUnreachable:
                if not self._lock.reached or time.monotonic() > started + patience_s:
                    raise
                time.sleep(0.2)

    def _take(self, started: float, patience_s: float) -> None:
        import psycopg2

        connection = self._lock.connect()
        try:
            with connection.cursor() as cursor:
                # names are cut at 63 bytes; the purpose comes last
                cursor.execute("select set_config('application_name', %s, false)", (f"{who()} {self._purpose}"[:63],))
                for waits_s in (min(SLOW_WAIT_S, patience_s), patience_s):
                    left = max(0.001, started + waits_s - time.monotonic())
                    cursor.execute("select set_config('lock_timeout', %s, false)", (f"{int(left * 1000) or 1}ms",))
                    try:
                        cursor.execute("select pg_advisory_lock(%s, %s)", self._lock.numbers)
                        break
                    except psycopg2.errors.LockNotAvailable:
                        if waits_s < patience_s:
                            log.warning(
                                "%s waits for the lake, held by %s", self._purpose, self._lock.holder(connection)
                            )
                else:
                    raise WarehouseBusy(
                        f"{self._lock.place}: {self._purpose} waited {patience_s:.0f} s for the lake; it is held by "
                        f"{self._lock.holder(connection)}. Try again when that has ended."
                    )
        except psycopg2.Error as error:
            connection.close()
            raise self._lock.failed(error) from error
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def check(self) -> None:
        """Whether it is still held, before something is committed.

        Raises:
            CatalogUnreachable: the connection that held it is gone, so that others may have it by now.
        """
        if self._connection is None or self._connection.closed or not _answers(self._connection):
            raise CatalogUnreachable(f"{self._lock.place}: the connection that held the lake's lock is gone")

    def renew(self, patience_s: float) -> None:
        """Take it again where its connection was lost."""
        try:
            self.check()
        except CatalogUnreachable:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self.take(patience_s)

    def give_back(self) -> None:
        """Let it go."""
        import psycopg2

        connection, self._connection = self._connection, None
        if connection is None or connection.closed:
            return
        try:
            with connection.cursor() as cursor:
                # whoever has the connection next waits as long as it likes, and for itself
                cursor.execute(
                    "select pg_advisory_unlock(%s, %s); reset lock_timeout; reset application_name", self._lock.numbers
                )
            self._lock.give_back(connection)
        except psycopg2.Error as error:  # closing it lets the lock go as well
            log.debug("letting the lake's lock go: %s", error)
            connection.close()


def may_pass(text: str) -> bool:
    """Whether an error's text speaks of a server that is away, which it may not be for long."""
    text = text.lower()
    return any(sign in text for sign in _AWAY)


# As libpq, PostgreSQL and DuckDB's HTTP client put it; and as DuckDB puts it where DuckLake has passed over a query of
# its own that was cut off, and asks for more in the same transaction.
_AWAY = (
    "connection refused", "server closed the connection", "terminating connection", "connection reset", "broken pipe",
    "no connection to the server", "is shutting down", "is starting up", "timeout expired", "timed out", "timeout was",
    "connection already closed", "could not establish connection", "could not connect to server", "connection error",
    "too many clients", "remaining connection slots", "in recovery mode", "connection is closed", "lost connection",
    "not yet accepting connections", "connection has been closed unexpectedly", "ssl syscall error",
    "could not receive data from server", "could not send data to server", "no route to host", "is unreachable",
    "temporary failure in name resolution", "deadlock detected", "could not serialize access",
    "transaction is aborted (please rollback)",
)  # fmt: skip


def who() -> str:
    """This process, for those who wait for it."""
    return f"process {os.getpid()} on {socket.gethostname()[:20]}"


def first_line(error: BaseException) -> str:
    """What an error says, in one line."""
    lines = [line.strip() for line in str(error).strip().splitlines() if line.strip()]
    return " ".join(lines[:2]) if lines else type(error).__name__


def _answers(connection: Any) -> bool:
    import psycopg2

    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except psycopg2.Error:
        return False
    return True
