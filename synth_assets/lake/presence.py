"""A process as the others who work on its lake see it: a session of PostgreSQL that ends when the process does.

Every process that shares a lake has a number, its owner's number, and holds an advisory lock by it in a session of its
own for as long as it lives, however it ends. What it takes (`synth_assets.lake.locks`, `synth_assets.lake.numbers`)
bears this number, and belongs to nobody any more once no session holds it. So any number of names cost the server one
lock, and names are told apart whole, not by a hash.

A thread looks after the session every two seconds and makes it anew after a restart of the server, under the same
number. For `GRACE_S` after a start of the server everybody counts as living, so that nobody loses anything to whoever
comes back first. A session must be the process's own: behind a pooler that hands sessions round it is not.
"""

import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from synth_assets.errors import WarehouseBroken
from synth_assets.lake.lock import CatalogUnreachable, WriteLock, first_line, who

log = logging.getLogger("synth_assets.lake")

PING_S = 2.0
RETRY_S = 0.2
GRACE_S = 15
# The first of the two numbers of an advisory lock, while tables are made; that of `WriteLock` is one less.
_MAKING = 0x5A55E76

_TABLES = """
create schema if not exists {schema};
create sequence if not exists {schema}.owners as integer cycle;
create table if not exists {schema}.locks (
    name text primary key, owner integer not null, holder text not null, since timestamptz not null default now());
create table if not exists {schema}.lives (
    name text, owner integer, holder text not null, since timestamptz not null default now(),
    primary key (name, owner));
-- Not logged: what a crash of the server takes is made anew from the journal of calls, and no change waits for a disk.
-- One row is changed hundreds of times a second: room in its page lets the server prune the versions before.
create unlogged table if not exists {schema}.numbers (
    name text primary key, head bytea not null, rows bytea not null) with (fillfactor = 10);
"""


class Presence:
    """This process, in one lake. Threads may use it side by side.

    Args:
        catalog, catalog_schema, place: as in `LakeWarehouse`.
        patience_s: how long a server that was reached before may be away.

    Attributes:
        owner: the number of this process; 0 before it began.
        schema: where the tables are, as SQL writes it.
        living: the query of the numbers of all who live.
    """

    def __init__(self, catalog: str, catalog_schema: str, place: str, patience_s: float) -> None:
        name = f"{catalog_schema}_shared"
        self.schema = '"' + name.replace('"', '""') + '"'
        self.place = place
        self.owner = 0
        self.patience_s = patience_s
        self._making = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], signed=True)
        self._space = int.from_bytes(hashlib.sha256(f"owners {name}".encode()).digest()[:4], signed=True)
        self._server = WriteLock(catalog, catalog_schema, place)
        self._using = threading.RLock()
        self._session: Any = None
        self._kept = False
        self._returning: list[Callable[[Callable[..., list[tuple[Any, ...]]]], None]] = []
        self._sessions = (
            "select pid, objid::bigint as owner from pg_locks where locktype = 'advisory' and granted and objsubid = 2 "
            f"and classid::bigint = {self._space % 2**32} "
            "and database = (select oid from pg_database where datname = current_database())"
        )
        self.living = f"select living.owner from ({self._sessions}) as living"

    def died(self, owner: str = "owner") -> str:
        """The condition of SQL that the owner in a column has died."""
        grace = f"clock_timestamp() > pg_postmaster_start_time() + interval '{GRACE_S} s'"
        return f"({owner} not in ({self.living}) and {grace})"

    def on_return(self, callback: Callable[[Callable[..., list[tuple[Any, ...]]]], None]) -> None:
        """Have this called with a way to ask, whenever a session was made anew, before anybody else asks."""
        self._returning.append(callback)

    def connect(self) -> Any:
        """A connection beside the session, for whoever needs transactions of their own; it is theirs to close.

        Raises:
            CatalogUnreachable, WarehouseBroken: as `WriteLock.connect`.
        """
        return self._server.connect()

    def failed(self, error: Exception) -> WarehouseBroken:
        """What a person is told of an error of PostgreSQL."""
        return self._server.failed(error)

    def ask(self, query: str, values: tuple[Any, ...] = (), *, patiently: bool = True) -> list[tuple[Any, ...]]:
        """The rows of a statement, in a transaction of its own; over a restart of the server it is asked again.

        Raises:
            CatalogUnreachable: PostgreSQL was away for longer than `patience_s`, or was never reached.
            WarehouseBroken: it refuses.
        """
        started = time.monotonic()
        while True:
            try:
                with self._using:
                    return self._ask(query, values)
            except CatalogUnreachable:
                if not patiently or not self._kept or time.monotonic() > started + self.patience_s:
                    raise
            time.sleep(RETRY_S)

    def begin(self) -> "Presence":
        """Be there. Raises as `ask` does."""
        self.ask("select 1")
        return self

    def _ask(self, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        import psycopg2  # late: only a lake needs it

        try:
            if self._session is None or self._session.closed:
                self._enter()
            with self._session.cursor() as cursor:
                while True:
                    try:
                        cursor.execute(query, values or None)
                        return cursor.fetchall() if cursor.description else []
                    except psycopg2.extensions.TransactionRollbackError as error:
                        # of two that met, the server ended this one; the session, and all it holds, stays
                        log.debug("asked again: %s", first_line(error))
        except psycopg2.Error as error:
            failed = self._server.failed(error)
            if isinstance(failed, CatalogUnreachable) and self._session is not None:
                self._session.close()
            raise failed from error

    def _enter(self) -> None:
        """Make the session, the tables where they are missing, and take the number."""
        import psycopg2.errors

        session = self._server.connect()

        def ask(query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
            with session.cursor() as cursor:
                cursor.execute(query, values or None)
                return cursor.fetchall() if cursor.description else []

        try:
            ask("select set_config('application_name', %s, false)", (f"{who()} lives",))
            if ask("select to_regclass(%s)", (f"{self.schema}.numbers",))[0][0] is None:
                ask("select pg_advisory_lock(%s, %s)", (_MAKING, self._making))
                try:
                    ask(_TABLES.format(schema=self.schema))
                except psycopg2.errors.UniqueViolation:  # the schema, which the calls make as well: it is there now
                    ask(_TABLES.format(schema=self.schema))
                ask("select pg_advisory_unlock(%s, %s)", (_MAKING, self._making))
            while not self.owner:
                ((number,),) = ask(f"select nextval('{self.schema}.owners')::integer")
                # after a restored backup numbers come again that living processes have
                if ask("select pg_try_advisory_lock(%s, %s)", (self._space, number))[0][0]:
                    self.owner = number
            while not ask("select pg_try_advisory_lock(%s, %s)", (self._space, self.owner))[0][0]:
                # the server has not noticed yet that the session before is gone
                ask(f"select pg_terminate_backend(pid) from ({self._sessions}) as old where old.owner = %s",
                    (self.owner,))  # fmt: skip
                time.sleep(0.05)
            for callback in self._returning:
                callback(ask)
        except BaseException:
            session.close()
            raise
        self._session = session
        if not self._kept:
            self._kept = True
            threading.Thread(target=self._keep, name="synth-assets presence", daemon=True).start()
        else:
            log.info("%s: the session of this process was made anew", self.place)

    def _keep(self) -> None:
        """Look after the session for as long as the process lives."""
        away = False
        while True:
            time.sleep(RETRY_S if away else PING_S)
            try:
                self.ask("select 1", patiently=False)
            except WarehouseBroken as error:
                if not away:
                    log.warning("%s; it is tried again", first_line(error))
                away = True
            else:
                away = False


_present: dict[tuple[Any, ...], Presence] = {}
_entering = threading.Lock()


def presence_in(catalog: str, catalog_schema: str, place: str, patience_s: float) -> Presence:
    """This process in this lake; one for all who ask.

    Raises:
        CatalogUnreachable, WarehouseBroken: PostgreSQL cannot be used.
    """
    # a child made by fork is a process of its own; what it inherits is its parent's, and is never touched or freed
    key = (os.getpid(), catalog, catalog_schema)
    with _entering:
        found = _present.get(key)
        if found is None:
            found = Presence(catalog, catalog_schema, place, patience_s).begin()
            _present[key] = found
    found.patience_s = patience_s
    return found
